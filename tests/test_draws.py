"""Keyed chance: even, independent, and the same for ever."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from wfmodel import draws
from wfmodel.jit import rule

COUNT = 100_000
STREAM = draws.stream_key(1, 0, "tests")


@rule("void(uint64, int64, int64, int64, float64[:, ::1])")
def many_uniform(stream, first, step, numbers, out):
    """Uniforms of entities first, first + step …; each with ``numbers`` draws."""
    for n in range(out.shape[0]):
        entity = draws.as_part(first + n * step)
        for k in range(numbers):
            out[n, k] = draws.uniform(stream, entity, k)


@rule("void(int64, float64, float64, float64, uint64, float64[::1])")
def many_vary(shape, a, b, c, stream, out):
    """One draw of a varying quantity for each of so many entities."""
    for n in range(out.size):
        out[n] = draws.vary(shape, a, b, c, stream, draws.join(stream, draws.as_part(n)))


def uniforms(count: int = COUNT, numbers: int = 1, first: int = 0, step: int = 1,
             stream: np.uint64 = STREAM) -> np.ndarray:  # fmt: skip
    out = np.empty((count, numbers))
    many_uniform(stream, first, step, numbers, out)
    return out


def varied(shape: int, a: float, b: float = 0.0, c: float = 0.0) -> np.ndarray:
    out = np.empty(COUNT)
    many_vary(shape, a, b, c, STREAM, out)
    return out


def even(counts: np.ndarray) -> bool:
    """Whether counts may come from equally likely bins: 5 standard deviations of chi-square."""
    expected = counts.sum() / counts.size
    found = ((counts - expected) ** 2 / expected).sum()
    return stats.chi2.ppf(3e-7, counts.size - 1) < found < stats.chi2.isf(3e-7, counts.size - 1)


@pytest.mark.parametrize("step", [1, 2**32, 2**40 + 7])
def test_uniforms_of_neighbouring_entities_are_even(step):
    u = uniforms(step=step)[:, 0]
    assert even(np.bincount((u * 256).astype(int), minlength=256))
    low_bits = np.floor(u * 2**40) % 64  # the low end of what is kept must be as good
    assert even(np.bincount(low_bits.astype(int), minlength=64))
    assert abs(u.mean() - 0.5) < 5 / math.sqrt(12 * COUNT)


def test_draws_of_one_entity_are_independent_of_each_other_and_of_its_neighbour_s():
    u = uniforms(numbers=3)
    for one, other in ((u[:, 0], u[:, 1]), (u[:, 1], u[:, 2]), (u[:-1, 0], u[1:, 0])):
        cells = (one * 16).astype(int) * 16 + (other * 16).astype(int)
        assert even(np.bincount(cells, minlength=256))


def test_streams_replications_and_seeds_are_independent():
    base = uniforms()[:, 0]
    others = [
        (1, 0, "test"),
        (1, 1, "tests"),
        (2, 0, "tests"),
        (0, 1, "tests"),
        (1, 2**40, "tests"),
    ]
    for seed, replication, stream in others:
        other = uniforms(stream=draws.stream_key(seed, replication, stream))[:, 0]
        cells = (base * 16).astype(int) * 16 + (other * 16).astype(int)
        assert even(np.bincount(cells, minlength=256))


def test_a_uniform_is_never_nought_or_one():
    least, most = 0.5 * 2.0**-52, (2.0**52 - 0.5) * 2.0**-52
    assert 0.0 < least < most < 1.0
    u = uniforms()
    assert least <= u.min() < 1e-4
    assert 1 - 1e-4 < u.max() <= most


@pytest.mark.parametrize(
    ("shape", "parameters", "mean", "variance"),
    [
        ("EXPONENTIAL", (12.0,), 12.0, 144.0),
        ("GAMMA", (60.0, 4.0), 60.0, 900.0),
        ("GAMMA", (8.0, 1.0), 8.0, 64.0),
        ("GAMMA", (8.0, 0.4), 8.0, 160.0),
        ("GAMMA", (8.0, 90.0), 8.0, 64 / 90),
        ("LOGNORMAL", (50.0, 0.5), 50.0, 625.0),
        ("UNIFORM", (3.0, 9.0), 6.0, 3.0),
        ("TRIANGULAR", (0.0, 2.0, 10.0), 4.0, (100 + 4 - 20) / 18),
        ("POISSON", (0.3,), 0.3, 0.3),
        ("POISSON", (40.0,), 40.0, 40.0),
    ],
)
def test_what_varies_has_the_mean_and_variance_that_it_says(shape, parameters, mean, variance):
    x = varied(getattr(draws, shape), *parameters)
    assert abs(x.mean() - mean) < 5 * math.sqrt(variance / COUNT)
    squares = (x - mean) ** 2
    assert abs(squares.mean() - variance) < 5 * squares.std() / math.sqrt(COUNT)
    assert x.min() >= 0


def quantiles_fall_evenly(x: np.ndarray, cumulative: Callable[[np.ndarray], np.ndarray]) -> bool:
    return even(np.bincount((cumulative(x) * 64).astype(int).clip(0, 63), minlength=64))


def test_whole_distributions_fit():
    assert quantiles_fall_evenly(varied(draws.EXPONENTIAL, 2.0), lambda x: -np.expm1(-x / 2))
    assert quantiles_fall_evenly(varied(draws.GAMMA, 6.0, 3.0), stats.gamma(3, scale=2).cdf)
    assert quantiles_fall_evenly(varied(draws.GAMMA, 1.0, 0.5), stats.gamma(0.5, scale=2).cdf)
    spread = math.sqrt(math.log(1.25))
    assert quantiles_fall_evenly(
        varied(draws.LOGNORMAL, 1.0, 0.5),
        stats.lognorm(spread, scale=math.exp(-0.5 * spread**2)).cdf,
    )
    assert quantiles_fall_evenly(
        varied(draws.TRIANGULAR, 1.0, 2.0, 6.0), stats.triang(0.2, loc=1, scale=5).cdf
    )
    counts = np.bincount(varied(draws.POISSON, 3.0).astype(int), minlength=12)[:12]
    expected = COUNT * stats.poisson(3.0).pmf(np.arange(12))
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected) + 1).all()


def test_a_gamma_of_any_key_ends_and_a_degenerate_triangle_is_its_edge():
    assert np.isfinite(varied(draws.GAMMA, 1.0, 0.05)).all()
    assert set(varied(draws.TRIANGULAR, 4.0, 4.0, 4.0)) == {4.0}
    assert set(varied(draws.FIXED, 4.0)) == {4.0}
    assert set(varied(draws.POISSON, 0.0)) == {0.0}


def test_the_order_of_the_parts_of_a_key_matters():
    a, b = draws.text_key("a"), draws.text_key("b")
    assert draws.join(a, b) != draws.join(b, a)
    assert draws.join(draws.join(a, b), b) != draws.join(a, draws.join(b, b))


def test_half_a_million_keys_are_all_different():
    seen = {int(draws.join(STREAM, np.uint64(n))) for n in range(200_000)}
    seen |= {
        int(draws.join(draws.join(STREAM, np.uint64(n)), np.uint64(1))) for n in range(200_000)
    }
    seen |= {int(draws.text_key(f"P{n:06d}")) for n in range(100_000)}
    assert len(seen) == 500_000


GOLDEN = {
    "text": 9757044618426605391,
    "stream": 4375180209368081114,
    "uniform": "0x1.c4f3f8d4f0d95p-1",
    "normal": -1.1026781681365,
    "gamma": 60.457319692,
    "poisson": 9.0,
}


def golden() -> dict[str, object]:
    key = draws.text_key("P0001")
    stream = draws.stream_key(20_260, 3, "attrition")
    return {
        "text": int(key),
        "stream": int(stream),
        "uniform": draws.uniform(stream, key, 2).hex(),
        "normal": round(draws.normal(stream, key, 2), 13),
        "gamma": round(draws.vary(draws.GAMMA, 60.0, 4.0, 0.0, stream, key), 10),
        "poisson": draws.poisson(8.0, stream, key),
    }


def test_draws_are_the_same_for_ever():
    assert golden() == GOLDEN


def test_draws_are_the_same_in_another_process_whatever_its_hash_seed():
    code = "from test_draws import golden; print(golden())"
    here = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parent)}
    found = subprocess.run(
        [sys.executable, "-c", code], env=here, text=True, capture_output=True, check=True
    )
    assert found.stdout.strip() == str(GOLDEN)
