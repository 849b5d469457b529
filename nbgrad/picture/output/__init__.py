"""The shapes that elements are made of: what every output draws, each in its own language.

`shapes` takes an element apart into rectangles, curves, lines and texts with their paint; TikZ and
matplotlib know nothing else. SVG keeps elements whole, as a live page patches them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from nbgrad.picture.scene import (
    INFINITE,
    Anchor,
    Bar,
    Box,
    Chip,
    Curve,
    Element,
    Group,
    Map,
    Point,
    Style,
    StyledScene,
    Text,
)
from nbgrad.picture.theme import END_PAD, NAME, Paint, paint_of, text_width

Line = tuple[Point, ...]
# An arrow's head: its length, half of its height, and how much sooner its line ends.
HEADS = {"filled": (8.0, 3.9, 7.0), "open": (7.0, 4.0, 1.0)}
DARK = 62  # from this tint on, in per cent, the dash of a negative cell is light
DIGIT = 7.6  # the width of a digit of a map's number
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


class Lines(NamedTuple):
    """Straight lines from point to point; closed where they are filled."""

    lines: tuple[Line, ...]
    paint: Paint


class Words(NamedTuple):
    """A line of text on the base line y; `tail` continues it in a paint of its own.

    Where it is `turned`, it runs upwards, with its base line at x.
    """

    x: float
    y: float
    text: str
    paint: Paint
    anchor: Anchor
    tail: str = ""
    turned: bool = False


Shape: TypeAlias = Rectangle | Bezier | Lines | Words


def shown_shapes(styled: StyledScene, k: int) -> Iterator[Shape]:
    """The shapes of everything that shows after `k` steps, from back to front."""
    for element in styled.scene.elements():
        style = styled.style_of(element)
        strength = 0.0 if isinstance(element, Group) else style.strength(k)
        for shape in shapes(element, style) if strength else ():
            paint = shape.paint
            if strength < 1:
                tint = 1 if isinstance(element, Curve) else paint.opacity or 1
                paint = replace(paint, opacity=strength * tint)
            yield shape._replace(paint=paint)


def shapes(element: Element, style: Style) -> Iterator[Shape]:
    paint = paint_of(style.classes)
    match element:
        case Box(left=0):
            paint = replace(paint, opacity=style.tint) if style.tint else paint
            yield Rectangle(*element[1:6], paint)
        case Box():
            yield Bezier(rounded(element), paint)
        case Text():
            yield Words(element.x, element.y, style.text, paint, element.anchor, element.tail)
        case Curve():
            yield from curve_shapes(element, style, paint)
        case Bar():
            strokes, slants = bar_lines(element)
            hatch = replace(paint_of(style.classes, ".hatch"), stroke=paint.stroke)
            yield Lines(strokes, paint)
            yield Lines(slants, hatch)
        case Chip():
            inside = paint_of(style.classes, "text")
            if style.width:
                outline = paint_of(style.classes, "rect")
                yield Rectangle(*pill(element, style), element.height / 2, outline)
            base = element.y + MIDDLE * (inside.size or 0)
            yield Words(element.x, base, style.text, inside, element.anchor)
        case Map():
            yield from map_shapes(element, style)


def curve_shapes(curve: Curve, style: Style, paint: Paint) -> Iterator[Shape]:
    """The line, and the head of an arrow."""
    line, tip = arrow(curve) if curve.head else (curve.points, ())
    yield Bezier(line, replace(paint, width=style.width or paint.width))
    if curve.head:
        head = paint_of(style.classes, ".head")
        if curve.head == "filled":
            yield Lines((tip,), Paint(fill=head.fill, opacity=paint.opacity))
        else:
            yield Lines((tip,), Paint(stroke=paint.stroke, width=head.width))


def map_shapes(element: Map, style: Style) -> Iterator[Shape]:
    """The cells of a map, its frame, and the number that it holds everywhere."""
    tinted = paint_of(style.classes, ".cells")
    for part, tint, lines in map_parts(element, style):
        paint = paint_of(style.classes, f".cells>.{part}") if part else tinted
        yield Lines(lines, replace(paint, opacity=None if part else tint))
    frame = paint_of(style.classes, "rect")
    yield Rectangle(element.x, element.y, element.width, element.height, 0, frame)
    if style.text:
        x, y, turned = map_text(element, style.text)
        inside = paint_of(style.classes, "text")
        down = MIDDLE * (inside.size or 0)
        place = (x + down, y) if turned else (x, y + down)
        yield Words(*place, style.text, inside, "middle", turned=turned)


def lines_along(words: Words) -> Lines:
    size = words.paint.size or NAME
    heights = [words.y - height * size for _, height in words.paint.lines]
    start, end = ends_of(words)
    lines = tuple(((start, y), (end, y)) for y in heights)
    return Lines(lines, Paint(stroke=words.paint.fill, width=1))


def ends_of(words: Words) -> Point:
    """Where a text begins and ends, before its tail."""
    width = text_width(words.text, words.paint.size or NAME, bold=words.paint.is_bold)
    start = words.x - {"start": 0, "middle": 0.5, "end": 1}[words.anchor] * width
    return start, start + width


# Geometry ---------------------------------------------------------------------------------------


def arrow(curve: Curve) -> tuple[Line, Line]:
    """The Bézier points of an arrow's line, made shorter, and the corners of its head."""
    length, half, short = HEADS[curve.head]
    *points, before, (x, y) = curve.points
    start = next((p for p in (before, *reversed(points)) if p != (x, y)), (x - 1, y))
    distance = math.dist(start, (x, y))
    dx, dy = (x - start[0]) / distance, (y - start[1]) / distance
    line = (
        *points,
        (before[0] - short * dx, before[1] - short * dy),
        (x - short * dx, y - short * dy),
    )
    back, across = (x - length * dx, y - length * dy), (half * dy, half * dx)
    tip = (
        (back[0] - across[0], back[1] + across[1]),
        (x, y),
        (back[0] + across[0], back[1] - across[1]),
    )
    return line, tip


def bar_lines(bar: Bar) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The two strokes of a double bar, and the slanting ones between them."""
    top, bottom = bar.y - bar.height / 2, bar.y + bar.height / 2
    left, right = bar.x - 3.5, bar.x + 3.5
    strokes = ((left, top), (left, bottom)), ((right, top), (right, bottom))
    slants: list[Line] = []
    y = top + 6
    while y <= bottom:
        slants.append(((left, y), (right, y - 6)))
        y += 5
    return strokes, tuple(slants)


def pill(chip: Chip, style: Style) -> tuple[float, float, float, float]:
    """Left, top, width and height of a chip's pill. Its text is at the chip's own (x, y)."""
    left = chip.x + END_PAD - style.width if chip.anchor == "end" else chip.x - style.width / 2
    return left, chip.y - chip.height / 2, style.width, chip.height


PARTS = ("", "solid", "dash", "light")


def map_parts(element: Map, style: Style) -> Iterator[tuple[str, float, tuple[Line, ...]]]:
    """What lies in a map's frame: the cells of each tint, solid cells, dashes, and light lines."""
    found: dict[tuple[str, float], list[Line]] = {}
    for n, cell in enumerate(style.cells):
        for part, tint, line in cell_parts(element, n, cell, dashed=not style.text):
            found.setdefault((part, tint), []).append(line)
    for part, tint in sorted(found, key=lambda key: PARTS.index(key[0])):
        yield part, tint, tuple(found[part, tint])


def cell_parts(
    element: Map, n: int, cell: int | None, *, dashed: bool
) -> Iterator[tuple[str, float, Line]]:
    """The outline of the n-th cell, and the lines on it."""
    width, height = element.cell_width, element.cell_height
    row, column = divmod(n, element.columns)
    x, y = element.x + column * width, element.y + row * height
    middle = x + width / 2, y + height / 2
    outline = (x, y), (x + width, y), (x + width, y + height), (x, y + height)
    if cell is None or abs(cell) == INFINITE:
        yield "solid", 1, outline
        yield from (("light", 1, line) for line in glyph(cell, middle, min(width, height)))
    elif cell:
        yield "", abs(cell) / 100, outline
        if cell < 0 and dashed:
            half = min(4, 0.28 * width)
            dash = (middle[0] - half, middle[1]), (middle[0] + half, middle[1])
            yield "light" if -cell > DARK else "dash", 1, dash


def glyph(cell: int | None, middle: Point, size: float) -> list[Line]:
    (x, y), r = middle, 0.3 * size
    if cell is None:
        return [((x - r, y - r), (x + r, y + r)), ((x - r, y + r), (x + r, y - r))]
    sign = [((x - 1.4 * r, y), (x - 0.8 * r, y))] if cell < 0 else []
    x, r = (x + 0.4 * r, 0.8 * r) if cell < 0 else (x, 1.2 * r)
    turns = (-1, 0), (-0.5, -0.5), (0.5, 0.5), (1, 0), (0.5, -0.5), (-0.5, 0.5), (-1, 0)
    return [*sign, tuple((x + dx * r, y + dy * r) for dx, dy in turns)]


def map_text(element: Map, text: str) -> tuple[float, float, bool]:
    """The middle of a map's number, and whether it is turned to run upwards."""
    turned = element.width < DIGIT * len(text) and element.width < element.height
    return element.x + element.width / 2, element.y + element.height / 2, turned


def rounded(box: Box) -> Line:
    """The outline of a rectangle with round corners, in cubic pieces."""
    _, x, y, width, height, radius, _, left = box
    most = min(width, height) / 2
    right, bottom = x + width, y + height
    small, large = min(radius, most), min(left or radius, most)
    corners = (
        (x, y, large, 0, 1, 1, 0),
        (right, y, small, -1, 0, 0, 1),
        (right, bottom, small, 0, -1, -1, 0),
        (x, bottom, large, 1, 0, 0, -1),
    )
    points: list[Point] = []
    for cx, cy, r, ax, ay, bx, by in corners:
        near = r * (1 - 0.5523)  # what makes a cubic piece all but a quarter of a circle
        begin, end = (cx + r * ax, cy + r * ay), (cx + r * bx, cy + r * by)
        points += [points[-1], begin] if points else []
        points += [begin, (cx + near * ax, cy + near * ay), (cx + near * bx, cy + near * by), end]
    return (*points, points[-1], points[0], points[0])


@lru_cache(1 << 14)
def decimal(value: float) -> str:
    """A length or a coordinate, to a hundredth of a pixel."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
