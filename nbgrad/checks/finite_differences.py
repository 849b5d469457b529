"""Slopes measured from values alone: the witness that knows nothing of the chain rule.

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
    """How fast each result of a function changes as its argument moves along a direction.

    It is (f(x + h·v) − f(x − h·v)) / 2h, which differs from J·v by a multiple of h².

    Parameters
    ----------
    function
        From an array like x to a list of numbers or arrays.
    x, direction
        The point, and v: arrays of one shape, or numbers.
    h
        How far to step aside on either side.

    Returns
    -------
    list
        The slope of each result, of that result's shape.

    Examples
    --------
    >>> central_difference(lambda x: [x * x, 5 * x], 3.0, 1.0, h=0.5)
    [6.0, 5.0]
    """
    ahead, behind = function(x + h * direction), function(x - h * direction)
    return [(a - b) / (2 * h) for a, b in zip(ahead, behind, strict=True)]


def weighed(weights: Sequence[Any], values: Sequence[Any]) -> float:
    """⟨u, z⟩: the sum of several arrays, each weighed element by element.

    Parameters
    ----------
    weights, values
        As many arrays u as z, in pairs of one shape.

    Returns
    -------
    float
        The sum over all pairs and elements.

    Examples
    --------
    >>> weighed([2.0, [1.0, 10.0]], [3.0, [4.0, 5.0]])
    60.0
    """
    return float(sum(np.vdot(u, z) for u, z in zip(weights, values, strict=True)))


def extrapolated(slope: Callable[[float], float], h: float, rows: int = 10) -> float:
    """The limit of central differences for h → 0, by Ridders' extrapolation.

    Halving h divides the error by four, so (4 · finer − coarser) / 3 has none of second order;
    and so on for the fourth, the sixth … The entry that its neighbours contradict least wins.

    Parameters
    ----------
    slope
        The central difference as a function of h.
    h
        The largest step, to begin with.
    rows
        How often it is halved, and one more.

    Returns
    -------
    float
        The limit; nan where no slope is a number.

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
