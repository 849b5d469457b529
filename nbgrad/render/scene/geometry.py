"""The geometry that every output shares: arrow heads, double bars, pills, hatching."""

from __future__ import annotations

from nbgrad.render.scene.picture import Bar, Cell, Chip, Curve, Look, Point

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


def pill(chip: Chip, look: Look) -> tuple[float, float, float, float]:
    """Left, top, width and height of a chip's pill. Its text is at the chip's own (x, y)."""
    left = chip.x + END_PAD - look.width if chip.anchor == "end" else chip.x - look.width / 2
    return left, chip.y - chip.height / 2, look.width, chip.height


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
