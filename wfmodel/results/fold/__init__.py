"""The fold: ledgers in, what all measures are computed from out, by group and month.

Everything that replications share is lowered once into two flat arrays, the *plan*. One compiled
entry (`fold_ledger`) then folds a ledger: it *replays* the movements into spells, counting flows
and posts as it goes; it counts every *spell* (stocks, time, pay, work, training) as changes by
month and group; and it *closes* the month ends, adding changes up and working out what follows from
them. Whole numbers (heads, hundredths of FTE, pence, seconds) are exact; what is none is added up
in a stated order (movements, then spells, then cells), so that a replication's numbers do not
depend on which others it is folded with.
"""

from wfmodel.results.fold.ledger import compile_fold
from wfmodel.results.fold.plan import Plan, fold

__all__ = ["Plan", "compile_fold", "fold"]
