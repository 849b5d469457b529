"""The geometry that every output shares: arrow heads, double bars, pills, hatching."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nbgrad.picture.scene import Bar, Cell, Chip, Curve, Point, Style
from nbgrad.picture.theme import SMALL

TIP, HALF_TIP = 8.0, 4.2


END_PAD = 5


"""How far a pill reaches beyond the end of a text that ends in a fixed place."""


MIDDLE = 0.36


"""From the middle of a line of text down to its base line, in font sizes."""


Line = tuple[Point, ...]


def number(value: float) -> str:
    """A length or a coordinate, to a hundredth of a pixel.

    Examples
    --------
    >>> number(2.0), number(1 / 3)
    ('2', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def arrow(curve: Curve) -> tuple[Line, Line]:
    """The Bézier points of an arrow's line, made shorter, and the corners of its head."""
    (x, y), forward = curve.points[-1], curve.head == "filled"
    direction = 1 if forward else -1
    short = (TIP - 1 if forward else 2) * direction
    before, end = curve.points[-2], (x - short, y)
    line = (*curve.points[:-2], (before[0] - short, before[1]), end)
    back = x - TIP * direction
    return line, ((back, y - HALF_TIP), (x, y), (back, y + HALF_TIP))


def bar_lines(bar: Bar) -> tuple[list[Line], list[Line]]:
    """The two strokes of a double bar, and the slanting ones between them."""
    top, bottom = bar.y - bar.height / 2, bar.y + bar.height / 2
    left, right = bar.x - 3.5, bar.x + 3.5
    strokes: list[Line] = [((left, top), (left, bottom)), ((right, top), (right, bottom))]
    slants: list[Line] = []
    y = top + 6
    while y <= bottom:
        slants.append(((left, y), (right, y - 6)))
        y += 5
    return strokes, slants


def pill(chip: Chip, style: Style) -> tuple[float, float, float, float]:
    """Left, top, width and height of a chip's pill. Its text is at the chip's own (x, y)."""
    left = chip.x + END_PAD - style.width if chip.anchor == "end" else chip.x - style.width / 2
    return left, chip.y - chip.height / 2, style.width, chip.height


def hatching(cell: Cell) -> list[Line]:
    """Slanting lines across a cell: a negative number, also in grey."""
    spacing = 6.0
    lines: list[Line] = []
    offset = spacing / 2
    while offset < cell.width + cell.height:
        x0, y0 = min(offset, cell.width), max(0.0, offset - cell.width)
        x1, y1 = max(0.0, offset - cell.height), min(offset, cell.height)
        lines.append(((cell.x + x0, cell.y + y0), (cell.x + x1, cell.y + y1)))
        offset += spacing
    return lines


def rounded(x: float, y: float, width: float, height: float, radius: float) -> list[Point]:
    """The outline of a rectangle with round corners, in cubic pieces."""
    radius = min(radius, width / 2, height / 2)
    reach = radius * (1 - 0.5523)  # what makes a cubic piece all but a quarter of a circle
    right, bottom = x + width, y + height
    corners = (
        ((x, y + radius), (x, y + reach), (x + reach, y), (x + radius, y)),
        ((right - radius, y), (right - reach, y), (right, y + reach), (right, y + radius)),
        (
            (right, bottom - radius),
            (right, bottom - reach),
            (right - reach, bottom),
            (right - radius, bottom),
        ),
        ((x + radius, bottom), (x + reach, bottom), (x, bottom - reach), (x, bottom - radius)),
    )
    points: list[Point] = [corners[0][0]]
    for corner in corners:
        points += [points[-1], corner[0], corner[0], *corner[1:]]
    start = points[0]
    return [*points, points[-1], start, start]


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


WIDTHS = {
    0: "\u0304\u0305",
    10: "\u200a",
    28: "'ijlIJ|",
    33: ",. ·/:;\\f",
    40: "-t()[]!r²³₀₁₂₃ᵀ",
    52: '"*_`‖sz∂?cL',
    60: "kFvxyP⌀πaoTYeα",
    64: "bdghnpquESσΣ0123456789${}√βλμθ",
    70: "KAVBRXZC",
    76: "UHNDG&",
    84: "OQw∞#+<=>^~−×→M",
    100: "%mW@…",
}


OTHER = 75


BOLD = 1.1


class Widths(dict[str, int]):
    """The width of every character: those that are not listed have a middling one."""

    def __missing__(self, character: str) -> int:
        return OTHER


WIDTH = Widths({sign: width for width, signs in WIDTHS.items() for sign in signs})


PAGE, MARGIN = 880, 9


"""No picture is wider, if it can be helped: what a notebook's cell shows on a laptop."""


PILL = 11


"""So much wider than its text is a pill, in all."""


@lru_cache(maxsize=1 << 13)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The pixels that a text takes at most.

    Examples
    --------
    >>> round(text_width("∂a/∂x = x = 3", 11))
    75
    """
    hundredths = sum(map(WIDTH.__getitem__, text))
    return hundredths / 100 * size * (BOLD if bold else 1)


def clipped(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or as much of it as there is room for, ending in an ellipsis."""
    if text_width(text, size, bold=bold) <= room:
        return text
    while text and text_width(text + "…", size, bold=bold) > room:
        text = text[:-1]
    return text.rstrip() + "…" if text else ""


@lru_cache(maxsize=1 << 13)
def pill_width(text: str, *, bold: bool = False, pad: float = PILL) -> int:
    """The width of a pill around a small text, in whole pixels on either side of its middle."""
    return 2 * math.ceil((text_width(text, SMALL, bold=bold) + pad) / 2)


@dataclass(frozen=True)
class Place:
    """The rectangle of a card. Its edges end around `port`, a height between its two lanes."""

    id: str
    node: str
    x: float
    y: float
    width: float
    height: float
    port: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height
