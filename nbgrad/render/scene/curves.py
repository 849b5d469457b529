"""From the points of a route to two lanes: the value's above, the gradient's below.

A lane is a chain of Bézier pieces that leave and enter cards level, never overshoot a point, and
stay as far from each other on a slope as on the flat.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nbgrad.render.scene.picture import Point

OFFSET = 4.5
"""Half the distance between the two lanes."""

STEEP = 40
"""A rise of so many pixels in one piece calls for the whole sideways correction."""


def lane(points: Sequence[Point], side: float) -> tuple[Point, ...]:
    """The Bézier points of a route's lane: above it for side −1, below it for 1, on it for 0."""
    slopes = gentle_slopes(points)
    curve = [(points[0][0], points[0][1] + side * OFFSET)]
    for n, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        rise = y1 - y0
        # On a slope, lanes that are only shifted down would come closer. Bending the lower one
        # earlier (when it runs down) or later (when it runs up) keeps them apart.
        bend = -side * OFFSET * max(-1.0, min(1.0, rise / STEEP))
        reach = (x1 - x0) / 2
        curve += [
            (x0 + reach + bend, y0 + side * OFFSET + slopes[n] * reach),
            (x1 - reach + bend, y1 + side * OFFSET - slopes[n + 1] * reach),
            (x1, y1 + side * OFFSET),
        ]
    return tuple((round(x, 1), round(y, 1)) for x, y in curve)


def gentle_slopes(points: Sequence[Point]) -> list[float]:
    """The slope at each point: level at the ends and where the route turns, never too steep."""
    rises = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(points)]
    inner = [
        0.0 if before * after <= 0 else before * after / (before + after)
        for before, after in pairwise(rises)
    ]
    return [0.0, *inner, 0.0]


def height_at(curve: Sequence[Point], x: float) -> float:
    """The height of a curve from left to right at some x, by bisection of the piece it is in."""
    pieces = (curve[n : n + 4] for n in range(0, len(curve) - 1, 3))
    piece = next((p for p in pieces if p[0][0] <= x <= p[3][0]), curve[:4])
    low, high = 0.0, 1.0
    for _ in range(20):
        t = (low + high) / 2
        low, high = (t, high) if on_piece(piece, t)[0] < x else (low, t)
    return on_piece(piece, low)[1]


def on_piece(piece: Sequence[Point], t: float) -> Point:
    """The point of a cubic piece at t between 0 and 1."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, piece, strict=True)) for axis in (0, 1))
    return x, y
