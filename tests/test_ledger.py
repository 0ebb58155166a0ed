"""The ledger in its two forms: tables with names, and matrices of whole numbers."""

import pickle

import numpy as np
from generated import case
from small import again, same

from wfmodel.simulation.ledger import MOVEMENT, PERSON, POST, Ledger

FORMS = (MOVEMENT, PERSON, POST)


def test_tables_and_matrices_hold_the_same():
    one = case(3)
    given = again(one.inputs(), one.replication).ledger
    for table, numbers, form in zip(
        (given.movements, given.people, given.posts), given.numbers, FORMS, strict=True
    ):
        assert numbers.dtype == np.int64
        assert numbers.shape == (table.size, len(form.names))
        for column, name in enumerate(form.names):
            assert np.array_equal(numbers[:, column].astype(form[name]), table[name]), name
    copied = (table.copy() for table in given.numbers)
    told = Ledger.of_numbers(tuple(copied), given.replication, given.seed, given.names)
    assert same(told, given)
    assert told.people["key"].max() > 2**63  # keys use all of their 64 bits
    assert repr(told) == repr(given)


def test_a_ledger_travels_in_either_form():
    one = case(3)
    given = again(one.inputs(), one.replication).ledger
    told = Ledger.of_numbers(given.numbers, given.replication, given.seed, given.names)
    for ledger in (given, told):
        assert same(pickle.loads(pickle.dumps(ledger)), given)


def test_an_empty_ledger_has_both_forms():
    ledger = Ledger(*(np.zeros(0, dtype=form) for form in FORMS), 0, 1, None)
    assert [numbers.shape for numbers in ledger.numbers] == [(0, 12), (0, 14), (0, 9)]
