"""Who is in post on day one: four tables from an extract, published margins or groups."""

from wfmodel.workforce.loading import load_workforce
from wfmodel.workforce.rules import Rules, load_rules
from wfmodel.workforce.tables import Workforce, check_tables

__all__ = ["Rules", "Workforce", "check_tables", "load_rules", "load_workforce"]
