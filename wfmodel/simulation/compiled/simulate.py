"""One replication, from a scenario's inputs to its ledger."""

from __future__ import annotations

import numpy as np

from wfmodel.simulation.compiled import loop, memory, opening, terms
from wfmodel.simulation.compiled.lowering import Lowered, lowered
from wfmodel.simulation.compiled.memory import World
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import MOVEMENT, PERSON, POST, Ledger
from wfmodel.simulation.parameters import realise
from wfmodel.simulation.statute import STEERING

BLOCK = 20_000
"""Events between two returns to Python, so that an interrupt is heard."""


def simulate(
    inputs: Inputs, vector: np.ndarray, replication: int | tuple[int, int, int], seed: int
) -> Ledger:
    """One replication's ledger; the same as the reference's, to the byte.

    ``vector`` holds the drawn numbers (`Numbers.draw`); ``replication`` is one number, or three for
    (unknowns, market, chance).
    """
    _, market, chance = (replication,) * 3 if isinstance(replication, int) else replication
    parameters = realise(inputs, vector, seed, market)
    shared = lowered(inputs, parameters)
    c, f = shared.terms_of(vector, parameters, seed, chance)
    while True:
        world = _world(shared, c, f)
        try:
            opening.begin(world)
            while loop.run(world, BLOCK):
                pass
        except MemoryError:
            shared.room = {name: 2 * size for name, size in shared.room.items()}
            continue
        except KeyError:
            name = STEERING[world.m[memory.MISSING_RULE]]
            inputs.statute.at(name, int(world.m[memory.MISSING_WHEN]))
            raise
        return _ledger(inputs, world, chance, seed)


def _world(shared: Lowered, c: np.ndarray, f: np.ndarray) -> World:
    if not shared.room:
        shared.room = _first_room(shared, c)
    room = shared.room
    return World(
        np.empty(room["memory"], np.int64),
        c,
        f,
        shared.opening,
        np.empty((room["events"], 8), np.int64),
        np.empty(room["movements"], MOVEMENT),
        np.empty(room["people"], PERSON),
        np.empty(room["posts"], POST),
    )


def _first_room(shared: Lowered, c: np.ndarray) -> dict[str, int]:
    """How much a run is likely to need: more is found out by running."""
    posts, people, seats = (
        int(shared.opening[k])
        for k in (terms.OPENING_POSTS, terms.OPENING_PEOPLE, terms.OPENING_SEATS)
    )
    years = 2 + int(c[terms.MONTHS]) // 12
    moving = 256 + posts * years
    return {
        "memory": 65_536 + 64 * (people + posts + moving),
        "events": 1024 + 3 * (people + posts),
        "movements": 1024 + seats + 4 * moving,
        "people": 64 + people + moving,
        "posts": 64 + 2 * posts,
    }


def _ledger(inputs: Inputs, world: World, chance: int, seed: int) -> Ledger:
    m = world.m
    return Ledger(
        movements=world.moves[: m[memory.MOVES]].copy(),
        people=world.people[: m[memory.PEOPLE]].copy(),
        posts=world.posts[: m[memory.POSTS]].copy(),
        replication=chance,
        seed=seed,
        names=inputs.names,
    )
