"""Results: what is folded from ledgers, measured, compared with targets, and stored."""

from wfmodel.results.results import Results

__all__ = ["Results"]
