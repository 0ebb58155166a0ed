"""Rows of a ledger: where the fields of a movement stand, and what its kinds and causes are."""

from __future__ import annotations

from wfmodel.simulation.ledger import CAUSE, KIND, MOVEMENT

_FIELDS = tuple(MOVEMENT.names or ())
MOVE_WIDTH = len(_FIELDS)
(
    TIME, KIND_OF, PERSON, POST, ASSIGNMENT, SOURCE, TARGET, CAUSE_OF, FTE, FROM_POST, HEAD, NOTE,
) = range(MOVE_WIDTH)  # fmt: skip
"""The fields, in the order of `MOVEMENT`."""

# --- kinds
OPENING, STARTER, TRANSFERRED_IN = KIND["opening"], KIND["starter"], KIND["transferred_in"]
PROMOTED, MOVED_SIDEWAYS = KIND["promoted"], KIND["moved_sideways"]
AT_RISK, REDEPLOYED, TRIAL_FAILED = KIND["at_risk"], KIND["redeployed"], KIND["trial_failed"]
TRANSFERRED_OUT = KIND["transferred_out"]
INTAKE, DROPPED_OUT, QUALIFIED = KIND["intake"], KIND["dropped_out"], KIND["qualified"]
STEPPED_UP = KIND["stepped_up"]
PLACE_DEFERRED, PLACE_LOST = KIND["place_deferred"], KIND["place_lost"]
POST_CREATED, POST_DELETED = KIND["post_created"], KIND["post_deleted"]
POST_HELD, POST_RELEASED = KIND["post_held"], KIND["post_released"]
POST_ADVERTISED = KIND["post_advertised"]
AGENCY_START, AGENCY_END = KIND["agency_start"], KIND["agency_end"]
ABSENCE_START, ABSENCE_END = KIND["absence_start"], KIND["absence_end"]
COVER_START, COVER_END = KIND["cover_start"], KIND["cover_end"]
HOURS_CHANGED = KIND["hours_changed"]

# --- causes
CAUSES = len(CAUSE)
TRAINEE, GUARANTEED, NOT_CONVERTED = CAUSE["trainee"], CAUSE["guaranteed"], CAUSE["not_converted"]
VACANCY = CAUSE["vacancy"]
ABSENCE_COVER, SECONDED_IN = CAUSE["absence_cover"], CAUSE["seconded_in"]
SECONDMENT, LONG_SICKNESS = CAUSE["secondment"], CAUSE["long_sickness"]
FLEXIBLE_RETIREMENT = CAUSE["flexible_retirement"]
BLANK = CAUSE[""]
