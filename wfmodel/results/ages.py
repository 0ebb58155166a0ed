"""Ages and birthdays of many people at once; the same rules as `wfmodel.units`, on arrays."""

from __future__ import annotations

import numpy as np


def birthdays(birth_day: np.ndarray, age: int) -> np.ndarray:
    """Days since 1970 on which people reach ``age``; born on 29 February: 1 March in common years.

    >>> birthdays(np.array([0]), 25)
    array([9131])
    """
    born = np.asarray(birth_day).astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    day = (born - month.astype("datetime64[D]")).astype(np.int64)
    reached = (month + 12 * age).astype("datetime64[D]").astype(np.int64) + day
    return reached


def ages_at(birth_day: np.ndarray, day: int) -> np.ndarray:
    """Whole years of age on ``day`` (days since 1970).

    >>> ages_at(np.array([0, 1]), 9131)
    array([25, 24])
    """
    born = np.asarray(birth_day).astype("datetime64[D]")
    year = int(np.datetime64(day, "D").astype("datetime64[Y]").astype(np.int64))
    years = year - born.astype("datetime64[Y]").astype(np.int64)
    month = born.astype("datetime64[M]")
    offset = (born - month.astype("datetime64[D]")).astype(np.int64)
    reached = (month + 12 * years).astype("datetime64[D]").astype(np.int64) + offset
    return np.where(reached <= day, years, years - 1)
