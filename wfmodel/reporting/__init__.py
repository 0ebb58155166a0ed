"""Reporting: charts, tables, sentences and pages, made from results."""
