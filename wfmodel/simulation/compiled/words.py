"""The ledger's kinds and causes as numbers that compiled functions know by name."""

from __future__ import annotations

from wfmodel.simulation.ledger import CAUSES, KINDS

(
    OPENING,
    STARTER,
    NOTICE_GIVEN,
    LEAVER,
    PROMOTED,
    MOVED_SIDEWAYS,
    AT_RISK,
    VOLUNTARY_EXIT,
    REDEPLOYED,
    TRIAL_FAILED,
    REDUNDANT,
    TRANSFERRED_IN,
    TRANSFERRED_OUT,
    HOURS_CHANGED,
    ABSENCE_START,
    ABSENCE_END,
    COVER_START,
    COVER_END,
    PROBATION_PASSED,
    PROBATION_FAILED,
    POST_HELD,
    POST_RELEASED,
    POST_ADVERTISED,
    CAMPAIGN_FAILED,
    POST_DELETED,
    POST_CREATED,
    AGENCY_START,
    AGENCY_END,
    INTAKE,
    PLACE_DEFERRED,
    PLACE_LOST,
    DROPPED_OUT,
    QUALIFIED,
    STEPPED_UP,
    COACHING_START,
    COACHING_END,
) = range(len(KINDS))

_code = {name: code for code, name in enumerate(CAUSES)}
BLANK = _code[""]
RETIREMENT = _code["retirement"]
END_OF_FIXED_TERM = _code["end_of_fixed_term"]
FAILED_PROBATION = _code["probation_failed"]
EXPERIENCED = _code["experienced"]
AGENCY_TO_PERMANENT = _code["agency_to_permanent"]
TRAINEE = _code["trainee"]
VACANCY = _code["vacancy"]
SLOTTED_IN = _code["slotted_in"]
UNREASONABLE_REFUSAL = _code["unreasonable_refusal"]
SUPERNUMERARY = _code["supernumerary"]
ABSORBED = _code["absorbed"]
GUARANTEED = _code["guaranteed"]
COMPETE = _code["compete"]
NOT_CONVERTED = _code["not_converted"]
OUTSIDE = _code["outside"]
STAFF = _code["staff"]
PUSH = _code["push"]
NOT_PLACED = _code["not_placed"]
TRANSFER = _code["transfer"]
FUNDING = _code["funding"]
FAMILY_LEAVE = _code["family_leave"]
SECONDMENT = _code["secondment"]
ABSENCE_COVER = _code["absence_cover"]
ACTING_UP = _code["acting_up"]
