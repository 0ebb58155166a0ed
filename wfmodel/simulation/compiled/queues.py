"""Queues whose first is the smallest by (since, key, third): skew heaps of nodes in memory.

Sleator and Tarjan (1986). Whatever leaves a queue otherwise than from its front stays in it until
it would be first, and is passed over then.
"""

from __future__ import annotations

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.simulation.compiled import memory

WHAT, KEY, SINCE, THIRD, LEFT, RIGHT, NODE_WIDTH = range(7)


@phrase
def _before(m, one, other):  # type: ignore[no-untyped-def]
    if m[one + SINCE] != m[other + SINCE]:
        return m[one + SINCE] < m[other + SINCE]
    if m[one + KEY] != m[other + KEY]:
        return np.uint64(m[one + KEY]) < np.uint64(m[other + KEY])
    return m[one + THIRD] < m[other + THIRD]


@part
def _merged(m, one, other):  # type: ignore[no-untyped-def]
    if one == 0:
        return other
    if other == 0:
        return one
    if _before(m, other, one):
        one, other = other, one
    node, rest = one, other
    while True:
        right = m[node + RIGHT]
        m[node + RIGHT] = m[node + LEFT]
        if right == 0:
            m[node + LEFT] = rest
            return one
        if _before(m, rest, right):
            right, rest = rest, right
        m[node + LEFT] = right
        node = right


@part
def join(w, root, what, since, key, third):  # type: ignore[no-untyped-def]
    """Put ``what`` into the queue whose root stands at ``m[root]``."""
    m = w.m
    node = m[memory.FREE_NODE]
    if node == 0:
        node = memory.new(w, NODE_WIDTH)
    else:
        m[memory.FREE_NODE] = m[node + LEFT]
    m[node + WHAT] = what
    m[node + SINCE] = since
    m[node + KEY] = np.int64(key)
    m[node + THIRD] = third
    m[node + LEFT] = 0
    m[node + RIGHT] = 0
    m[root] = _merged(m, m[root], node)


@part
def leave(m, root):  # type: ignore[no-untyped-def]
    """Take the first out of a queue that is not empty."""
    node = m[root]
    m[root] = _merged(m, m[node + LEFT], m[node + RIGHT])
    m[node + LEFT] = m[memory.FREE_NODE]
    m[memory.FREE_NODE] = node
    return m[node + WHAT]


@phrase
def first(m, root):  # type: ignore[no-untyped-def]
    """The first in a queue, 0 where it is empty."""
    return m[m[root] + WHAT] if m[root] != 0 else 0


@phrase
def fine(u):  # type: ignore[no-untyped-def]
    """A uniform draw as a whole number that keeps its order exactly."""
    return np.int64(u * 9007199254740992.0)
