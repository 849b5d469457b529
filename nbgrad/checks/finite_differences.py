"""Finite differences: derivatives measured from values alone, without the chain rule.

A central difference errs by a multiple of h², and by what rounding makes of it: a machine's
last digit, divided by h. Extrapolation takes h from afar and reaches further than any one h.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def central_difference(
    function: Callable[[Any], Sequence[Any]], x: Any, direction: Any, h: float
) -> list[Any]:
    """The slope of each result of a function at x along a direction v, an array like x.

    It is (f(x + h·v) − f(x − h·v)) / 2h, which differs from J·v by a multiple of h².

    Examples
    --------
    >>> central_difference(lambda x: [x * x, 5 * x], 3.0, 1.0, h=0.5)
    [6.0, 5.0]
    """
    ahead, behind = function(x + h * direction), function(x - h * direction)
    return [(a - b) / (2 * h) for a, b in zip(ahead, behind, strict=True)]


def inner_product(us: Sequence[Any], zs: Sequence[Any]) -> float:
    """⟨u, z⟩, summed over pairs of arrays of one shape.

    Examples
    --------
    >>> inner_product([2.0, [1.0, 10.0]], [3.0, [4.0, 5.0]])
    60.0
    """
    return float(sum(np.vdot(u, z) for u, z in zip(us, zs, strict=True)))


def extrapolated(slope: Callable[[float], float], h: float, rows: int = 10) -> float:
    """The limit of a central difference for h → 0, by Ridders' extrapolation; nan for none.

    From the largest h it is halved `rows` − 1 times, which divides the error by four each time, so
    (4 · finer − coarser) / 3 has none of second order; and so on for the fourth, the sixth …
    The entry that its neighbours contradict least wins.

    References
    ----------
    C. J. F. Ridders (1982), "Accurate computation of F′(x) and F′(x)F″(x)", Advances in
    Engineering Software 4.

    Examples
    --------
    >>> extrapolated(lambda h: 6.0 + 2.0 * h**2, 0.5)
    6.0
    """
    best, error = math.nan, math.inf
    for start in (h, h / 1e2, h / 1e4):  # a large step is the exact one, unless it crosses a kink
        above: list[float] = []
        for i in range(rows):
            row = [slope(start / 2**i)]
            for order, coarser in enumerate(above, start=1):
                row.append((4**order * row[-1] - coarser) / (4**order - 1))
                doubt = max(abs(row[-1] - row[-2]), abs(row[-1] - coarser))
                if doubt < error or math.isnan(best):
                    best, error = row[-1], doubt
            above = row
    return best
