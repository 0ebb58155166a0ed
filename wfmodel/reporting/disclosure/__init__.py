"""Disclosure control: what a published page says of small groups of people, and what it hides."""
