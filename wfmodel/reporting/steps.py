"""Steps: what a change of headcount is made of, by measure and title."""

from __future__ import annotations

JOINING = {
    "starters": "Starters",
    "intake_outside": "Trainees from outside",
    "transferred_in": "Transferred in",
}
GOING = {
    "resignations": "Resignations",
    "leavers_retirement": "Retirements",
    "voluntary_exits": "Voluntary exits",
    "redundancies_compulsory": "Compulsory redundancies",
    "transferred_out": "Transferred out",
}
AMONG_LEAVERS = ("resignations", "leavers_retirement", "voluntary_exits", "redundancies_compulsory")
"""Of those who go, the ones whom the measure of all leavers counts."""
