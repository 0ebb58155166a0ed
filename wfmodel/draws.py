"""Keyed chance: every draw is a pure function of who draws what for the how-manieth time.

A key is made once from (seed, replication, stream) and once per entity; the draw number picks the
draw. So neither the order of drawing, nor the number of workers, nor which simulation asks can
change a result, and two scenarios share the luck of everything that they share.

The mixer is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014), used as a counter-based
hash.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable

import numpy as np

from wfmodel.jit import rule

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)


@rule("uint64(uint64)")
def mix(z):  # type: ignore[no-untyped-def]
    """Scramble 64 bits (SplitMix64's finaliser)."""
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


@rule("uint64(uint64, uint64)")
def join(key, part):  # type: ignore[no-untyped-def]
    """A key made of ``key`` and ``part``; the order of the two matters."""
    return mix(mix(key + _GOLDEN) ^ (part * _M2 + _GOLDEN))


@rule("uint64(int64)")
def as_part(number):  # type: ignore[no-untyped-def]
    """A whole number as a part of a key."""
    return np.uint64(number)


def text_key(text: str) -> np.uint64:
    """A stable key of a string (never Python's ``hash``, which changes from run to run).

    >>> int(text_key("P0001")) == int(text_key("P0001")) != int(text_key("P0002"))
    True
    """
    return np.uint64(
        int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
    )


def text_keys(texts: Iterable[str]) -> np.ndarray:
    """The keys of many strings, uint64.

    >>> bool(text_keys(["P0001", "P0002"])[1] == text_key("P0002"))
    True
    """
    digests = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


def stream_key(seed: int, replication: int, stream: str) -> np.uint64:
    """The key under which one stream of one replication draws."""
    return join(
        join(join(np.uint64(0x77666D6F), np.uint64(seed)), np.uint64(replication)), text_key(stream)
    )


@rule("float64(uint64, uint64, int64)")
def uniform(stream, entity, number):  # type: ignore[no-untyped-def]
    """A number between 0 and 1, never either: draw ``number`` of ``entity`` in ``stream``."""
    z = join(join(stream, entity), np.uint64(number))
    return (float(z >> _S12) + 0.5) * 2.220446049250313e-16


@rule("float64(uint64, uint64, int64)")
def exponential(stream, entity, number):  # type: ignore[no-untyped-def]
    """A unit exponential."""
    return -math.log(uniform(stream, entity, number))


@rule("float64(uint64, uint64, int64)")
def normal(stream, entity, number):  # type: ignore[no-untyped-def]
    """A standard normal (Box and Muller, 1958), from two uniforms of its own."""
    first = uniform(stream, entity, 2 * number)
    second = uniform(stream, entity, 2 * number + 1)
    return math.sqrt(-2.0 * math.log(first)) * math.cos(6.283185307179586 * second)


@rule("float64(float64, uint64, uint64)")
def _unit_gamma(shape, stream, entity):  # type: ignore[no-untyped-def]
    """A gamma of ``shape`` and scale 1 (Marsaglia and Tsang, 2000); its draws are keyed in turn."""
    boosted = shape if shape >= 1.0 else shape + 1.0
    d = boosted - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    number = 1
    value = d
    while number < 1000:
        x = normal(stream, entity, number)
        v = (1.0 + c * x) ** 3
        number += 1
        if v > 0.0:
            u = uniform(stream, entity, 4096 + number)
            if math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
                value = d * v
                break
    if shape < 1.0:
        value *= uniform(stream, entity, 8191) ** (1.0 / shape)
    return value


FIXED, EXPONENTIAL, GAMMA, LOGNORMAL, UNIFORM, TRIANGULAR, POISSON = range(7)
"""Shapes of a quantity that varies per event; see `vary`."""


@rule("float64(float64, float64, float64, float64)")
def triangular(low, mode, high, u):  # type: ignore[no-untyped-def]
    """The quantile ``u`` of a triangular distribution."""
    if high <= low:
        return low
    cut = (mode - low) / (high - low)
    if u < cut:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


@rule("void(uint64, uint64[::1], int64[::1], float64[:, ::1], float64[::1])")
def draw_unknowns(stream, keys, slots, ranges, vector):  # type: ignore[no-untyped-def]
    """Draw every unknown into its slot: ``ranges`` [unknowns, 3] are low, most likely and high, or
    low, a number that is none and high, where the spread is even."""
    for k in range(keys.size):
        low, mode, high = ranges[k, 0], ranges[k, 1], ranges[k, 2]
        u = uniform(stream, keys[k], 0)
        if math.isnan(mode):
            vector[slots[k]] = low + (high - low) * u
        else:
            vector[slots[k]] = triangular(low, mode, high, u)


@rule("float64(float64, uint64, uint64)")
def poisson(mean, stream, entity):  # type: ignore[no-untyped-def]
    """A Poisson count, as the number of unit exponentials that fit into ``mean``."""
    total = 0.0
    count = 0
    while count < 1_000_000:
        total += exponential(stream, entity, count)
        if total > mean:
            break
        count += 1
    return float(count)


@rule("float64(int64, float64, float64, float64, uint64, uint64)")
def vary(shape, a, b, c, stream, entity):  # type: ignore[no-untyped-def]
    """One draw of a varying quantity.

    ``shape`` names the distribution, ``a, b, c`` are its parameters: FIXED a; EXPONENTIAL mean a;
    GAMMA
    mean a and shape b; LOGNORMAL mean a and coefficient of variation b; UNIFORM a to b; TRIANGULAR
    a
    to c with mode b; POISSON mean a.
    """
    if shape == FIXED:
        return a
    if shape == EXPONENTIAL:
        return a * exponential(stream, entity, 0)
    if shape == GAMMA:
        return a / b * _unit_gamma(b, stream, entity)
    if shape == LOGNORMAL:
        variance = math.log(1.0 + b * b)
        return a * math.exp(math.sqrt(variance) * normal(stream, entity, 0) - 0.5 * variance)
    if shape == UNIFORM:
        return a + (b - a) * uniform(stream, entity, 0)
    if shape == TRIANGULAR:
        return triangular(a, b, c, uniform(stream, entity, 0))
    return poisson(a, stream, entity)
