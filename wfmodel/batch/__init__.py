"""Batch: one notebook run over many scenarios, a report for each and a page that compares them."""
