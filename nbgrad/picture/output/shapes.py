"""The shapes that elements are made of: what every output draws, each in its own language.

`shapes` takes an element apart into rectangles, curves, lines and texts with their paint; TikZ and
matplotlib know nothing else. SVG keeps elements whole, as a live page patches them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from nbgrad.picture.scene import Anchor, Bar, Box, Chip, Curve, Element, Point, Text, Tile
from nbgrad.picture.style import Style
from nbgrad.picture.text_width import END_PAD
from nbgrad.picture.theme import Paint, paint_of

Line = tuple[Point, ...]
TIP, HALF_TIP = 8.0, 4.2  # the length and half the height of an arrow's head
MIDDLE = 0.36  # from the middle of a line of text down to its base line, in font sizes


class Rectangle(NamedTuple):
    """A rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    paint: Paint


class Bezier(NamedTuple):
    """One start, then three points for each cubic piece."""

    points: Line
    paint: Paint


class Polyline(NamedTuple):
    """Straight lines from point to point; closed where it is filled."""

    points: Line
    paint: Paint


class Words(NamedTuple):
    """A line of text on the base line y; `tail` continues it in a paint of its own."""

    x: float
    y: float
    text: str
    paint: Paint
    anchor: Anchor
    tail: str = ""


Shape: TypeAlias = Rectangle | Bezier | Polyline | Words


def shapes(element: Element, style: Style) -> Iterator[Shape]:
    """The shapes of an element, from back to front."""
    paint = paint_of(style.classes)
    match element:
        case Box():
            yield Rectangle(*element[1:6], paint)
        case Text():
            yield Words(element.x, element.y, style.text, paint, element.anchor, element.tail)
        case Curve():
            yield from curve_shapes(element, style, paint)
        case Bar():
            strokes, slants = bar_lines(element)
            hatch = replace(paint_of(style.classes, ".hatch"), stroke=paint.stroke)
            yield from (Polyline(line, paint) for line in strokes)
            yield from (Polyline(line, hatch) for line in slants)
        case Chip():
            inside = paint_of(style.classes, "text")
            if style.width:
                outline = paint_of(style.classes, "rect")
                yield Rectangle(*pill(element, style), element.height / 2, outline)
            base = element.y + MIDDLE * (inside.size or 0)
            yield Words(element.x, base, style.text, inside, element.anchor)
        case Tile():
            yield from tile_shapes(element, style)


def curve_shapes(curve: Curve, style: Style, paint: Paint) -> Iterator[Shape]:
    """The line, and the head of an arrow."""
    line, tip = arrow(curve) if curve.head else (curve.points, ())
    yield Bezier(line, replace(paint, width=style.width or paint.width))
    if curve.head:
        head = paint_of(style.classes, ".head")
        if curve.head == "filled":
            yield Polyline(tip, Paint(fill=head.fill, opacity=paint.opacity))
        else:
            yield Polyline(tip, Paint(stroke=paint.stroke, width=head.width))


def tile_shapes(tile: Tile, style: Style) -> Iterator[Shape]:
    """A tinted rectangle, hatched where negative, with its number where it has one."""
    tint = Paint(fill=paint_of(style.classes, "rect").fill, opacity=style.tint)
    yield Rectangle(tile.x, tile.y, tile.width, tile.height, 0, tint)
    if "negative" in style.classes.split():
        hatch = paint_of(style.classes, "path")
        yield from (Polyline(line, hatch) for line in hatching(tile))
    if style.text:
        inside = paint_of(style.classes, "text")
        base = tile.y + tile.height / 2 + MIDDLE * (inside.size or 0)
        yield Words(tile.x + tile.width - 3, base, style.text, inside, "end")


# Geometry ---------------------------------------------------------------------------------------


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


def hatching(tile: Tile) -> list[Line]:
    """Slanting lines across a tile: a negative number, also in grey."""
    spacing = 6.0
    lines: list[Line] = []
    offset = spacing / 2
    while offset < tile.width + tile.height:
        x0, y0 = min(offset, tile.width), max(0.0, offset - tile.width)
        x1, y1 = max(0.0, offset - tile.height), min(offset, tile.height)
        lines.append(((tile.x + x0, tile.y + y0), (tile.x + x1, tile.y + y1)))
        offset += spacing
    return lines


def decimal(value: float) -> str:
    """A length or a coordinate, to a hundredth of a pixel.

    Examples
    --------
    >>> decimal(2.0), decimal(1 / 3)
    ('2', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")
