"""The stated order of what falls on one instant, and the streams that chance is drawn from.

Both simulations keep to them: they are part of what the model means, not of how either is written.
"""

from __future__ import annotations

CENSUS, POLICY, CHANGE, LEAVING, ENDING, EXPIRY, ENTRY, SETTLEMENT = range(8)
"""Classes of events in their order at one instant; within a class the smaller key comes first.

So at a month end, the first second of the next month: stocks are read as they stand; capacity is
compared with what is required, and what it makes of resignations holds from that second; then
policies and the market change, and so on. Whoever settles does so last.
"""

(
    NOTICE,
    LEAVE,
    PROBATION,
    CAMPAIGN_END,
    COVER_START,
    COVER_END,
    HOLD_END,
    RESERVE_END,
    TRIAL_END,
    COACHING_END,
    STAGE_END,
    PLACE_WAIT,
    POST_WAIT,
    FIRST_TIME_END,
    USE_START,
    USE_END,
    ABSENCE_END,
    ABSENCE_COVER_END,
    ABSENCE_START,
    ABSENCE_COVER,
    FEWER_HOURS,
    ACTING_START,
) = range(22)
"""Kinds of events, which order those of one person or post that fall on one instant."""

STREAMS = (
    "attrition",
    "profile",
    "probation",
    "recruitment",
    "inside",
    "control",
    "agency",
    "acceptance",
    "trial",
    "coaching",
    "change",
    "pipelines",
    "progression",
    "hours",
    "long_absence",
    "acting",
    "secondment",
)
"""Streams of keyed draws; a draw never depends on what another stream has drawn."""
