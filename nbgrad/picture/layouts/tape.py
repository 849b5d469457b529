"""The tape: one row for each node, as one does it on paper; it needs no arrows, and it prints.

The rows of the forward pass are numbered as they ran. The reverse pass stands beside them and is
read upwards; in a narrow picture it stands below them and is read downwards. Each adjoint has a
line for each of its terms: `df/db · ∂b/∂a`, and `1 · 4 = 4`; in a narrow
picture, two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nbgrad.picture.cards import maps
from nbgrad.picture.cards.card import tail_of, tightest_of
from nbgrad.picture.cards.faces import Face, Lane, data_of, faces_of
from nbgrad.picture.scene import (
    Anchor,
    Box,
    Chip,
    Curve,
    Element,
    Group,
    Rule,
    Scene,
    Text,
    straight,
)
from nbgrad.picture.template import Template
from nbgrad.picture.theme import NAME, SMALL, clipped, text_width
from nbgrad.trace.folding import is_absorbed
from nbgrad.trace.model import Edge, Node, Trace

#: The phases in which each half of a row is at work.
PHASES = {"forward": ("forward",), "back": ("sum", "send", "seed")}
QUIET = "text quiet-text"
MARGIN, TOP, APART = 10.0, 28.0, 22.0  # around it; above the first row; between both passes
ROW, LINE = 28.0, 18.0  # the height of a row; of one term of an adjoint
COUNT, MANY = 34.0, 100  # the width of a cursor and the number of a row; it is more for so many
NUMBER, LANE, END, SPACE = 73.0, 6.0, 6.0, 9.0  # a number's room, its lane's; behind; between
NAMES, SYMBOLS = (70.0, 210.0), (56.0, 110.0)  # the least and the most for names and adjoints
TERMS, PRODUCTS = (56.0, 240.0), (108.0, 196.0)  # the same for `df/db · ∂b/∂a`, `1 · 4 = 4`
Terms = Literal["", "beside", "stacked"]  # whether rows have terms, and the numbers of a term


@dataclass(frozen=True)
class TapeRow:
    """The half of a node's row: its number, and its place."""

    node: Node
    number: str
    face: Face | None
    y: float
    height: float

    @property
    def base(self) -> float:
        """The base line of its first line of text."""
        return self.y + 18.5

    @property
    def middle(self) -> float:
        """The height of its numbers, or of the middle of its maps."""
        return self.y + self.height / 2 if self.face else self.y + 14


@dataclass(frozen=True)
class TapeHalf:
    """The columns of one pass: where each begins, and where the numbers end.

    Where it is stacked, the numbers of a term stand below its symbols, and below the name.
    """

    name: str
    left: float
    words: float
    terms: float
    products: float
    right: float
    number: float
    count: float
    stacked: bool = False

    @property
    def texts(self) -> float:
        """The left end of the names, or of the names of adjoints."""
        return self.left + self.count

    @property
    def first_term(self) -> float:
        return self.texts + self.words + SPACE

    @property
    def product_room(self) -> float:
        beside = self.words + SPACE + self.terms
        return min(self.products, beside) if self.stacked else self.products

    @property
    def product_end(self) -> float:
        both = self.terms if self.stacked else self.terms + self.products
        return self.first_term + both + SPACE


def tape(trace: Trace, width: float) -> Template:
    """The rows of both passes, beside each other where that fits."""
    nodes = [node for node in trace.nodes if not is_absorbed(trace, node)]
    for numbered in (True, False):
        faces = faces_of(trace, numbered=numbered)
        forward, back = halves(trace, nodes, faces.values(), width)
        if beside := back.left > forward.left:
            break
    terms: Terms = "stacked" if back.stacked else "beside"
    rows = tape_rows(trace, nodes, faces, TOP, terms if beside else "")
    bottom = rows[-1].y + rows[-1].height if rows else TOP
    data = data_of(trace)
    lower = [row for row in reversed(rows) if has_adjoint(row.node, data)]
    if not beside:
        top = bottom + APART + TOP
        numbers = {row.node.id: row.number for row in rows}
        lower = tape_rows(trace, [row.node for row in lower], faces, top, terms)
        lower = [replace(row, number=numbers[row.node.id]) for row in lower]
        bottom = lower[-1].y + lower[-1].height if lower else bottom
    first = lower[0].y if lower and not beside else TOP
    back_way = "↑" if beside else "↓"
    layers = (
        Group("heads", (*tape_heads(forward, TOP, "↓"), *tape_heads(back, first, back_way))),
        Group("rules", (*separators(forward, rows), *separators(back, lower))),
        Group("forward", tuple(forward_row(forward, row) for row in rows)),
        Group("reverse", tuple(back_row(trace, back, row) for row in lower)),
    )
    size = max(forward.right, back.right) + MARGIN, bottom + MARGIN
    rules = [*forward_rules(rows), *back_rules(trace, back, lower)]
    return Template(Scene(*size, Group("picture", layers)), tuple(rules))


# Places -----------------------------------------------------------------------------------------


def halves(
    trace: Trace, nodes: Sequence[Node], faces: Iterable[Face], width: float
) -> tuple[TapeHalf, TapeHalf]:
    """The columns of the forward pass, and those of the reverse pass beside it or below it."""
    number = max([NUMBER, *(face.grid.width for face in faces)])
    names = widest((node.label + tail_of(node) for node in nodes), NAME, NAMES)
    total = f"d{trace.node(trace.ys[0]).label}/d" if trace.ys else ""
    symbols = widest((total + node.label for node in nodes), NAME, SYMBOLS)
    terms = widest((words_of_term(trace, edge, total) for edge in trace.edges), SMALL, TERMS)
    count = COUNT if len(nodes) < MANY else COUNT + 10
    fixed = count + SPACE + LANE + number + END
    names = min(names, width - 2 * MARGIN - fixed)
    right = MARGIN + fixed + names
    room = width - MARGIN - right - APART - fixed - symbols - 2 * SPACE
    left = right + APART
    if room < max(terms, PRODUCTS[0]):
        left = MARGIN
        symbols = max(SYMBOLS[0], min(symbols, width - 2 * MARGIN - fixed - 2 * SPACE - 130))
        room = width - 2 * MARGIN - fixed - symbols - 2 * SPACE
    stacked = room < terms + PRODUCTS[0]
    if stacked:
        products, terms = PRODUCTS[1], max(TERMS[0], min(max(terms, PRODUCTS[1]), room))
    else:
        products = min(PRODUCTS[1], room - terms)
    end = left + fixed + symbols + 2 * SPACE + terms + (0 if stacked else products)
    if left == MARGIN:
        end = right = max(end, right)
    return (
        TapeHalf("forward", MARGIN, right - MARGIN - fixed, 0, 0, right, number, count),
        TapeHalf("back", left, symbols, terms, products, end, number, count, stacked),
    )


def words_of_term(trace: Trace, edge: Edge, total: str) -> str:
    """The symbols of a term at their widest: `df/db · ∂b/∂a`, or the rule of an array."""
    if edge.local is None:
        return ""
    source, target = trace.node(edge.source), trace.node(edge.target)
    is_number = not source.shape and not target.shape
    rule = edge.local.symbol if is_number else edge.local.formula
    times = f"{total}{target.label} · " if is_number or edge.local.is_factor else ""
    return f"{times}{rule}"


def widest(texts: Iterable[str], size: float, room: tuple[float, float]) -> float:
    """The width of the longest text, within a least and a most."""
    least, most = room
    bold = size == NAME
    return max(least, min(most, max((text_width(t, size, bold=bold) for t in texts), default=0)))


def tape_rows(
    trace: Trace, nodes: Sequence[Node], faces: dict[str, Face], y: float, terms: Terms
) -> list[TapeRow]:
    """A row for each node, one below the other; operations are numbered."""
    rows: list[TapeRow] = []
    data = data_of(trace)
    count = 0
    for node in nodes:
        is_leaf = not trace.incoming(node)
        count += not is_leaf
        face = faces.get(node.id)
        height = max(ROW, face.grid.height + 16) if face else ROW
        if face and not terms:
            height = max(height, 40.0)
        if terms:
            lines = line_count(trace, node, data, stacked=terms == "stacked")
            height = max(height, LINE * lines + 10, 40.0 if face else 0)
        rows.append(TapeRow(node, "" if is_leaf else str(count), face, y, height))
        y += height
    return rows


def line_count(trace: Trace, node: Node, data: Collection[str], *, stacked: bool) -> int:
    """How many lines the terms of the adjoint of a node may take."""
    if not has_adjoint(node, data):
        return 0
    return len(trace.outgoing(node)) * (2 if stacked else 1) + (node.id in trace.ys)


def has_adjoint(node: Node, data: Collection[str]) -> bool:
    """Whether a gradient may come to a node."""
    return node.role != "constant" and node.id not in data


# Elements ---------------------------------------------------------------------------------------


def tape_heads(half: TapeHalf, top: float, way: str) -> Iterator[Text]:
    """The words above the columns."""
    name, number = ("forward", "value") if half.name == "forward" else ("reverse", "gradient")
    words: tuple[tuple[float, str, Anchor], ...] = (
        (half.texts, f"{name} {way}", "start"),
        (half.right - END, number, "end"),
    )
    for x, text, anchor in words:
        yield Text(f"head.{text.split()[0]}", x, top - 9, text, QUIET, anchor)


def separators(half: TapeHalf, rows: Sequence[TapeRow]) -> Iterator[Curve]:
    """A line above each row."""
    for row in rows:
        line = straight((half.left, row.y), (half.right, row.y))
        yield Curve(f"{row.node.id}.{half.name}.rule", line, "rule")


def forward_row(half: TapeHalf, row: TapeRow) -> Group:
    """Number, name, shape and value."""
    node, key = row.node, row.node.id
    label = clipped(node.label, NAME, half.words, bold=True)
    room = half.words - text_width(label, NAME, bold=True)
    tail = clipped(tail_of(node), NAME, room)
    classes = "text name input" if node.role in ("input", "variable") else "text name"
    children = (
        *row_start(half, row, key),
        Text(f"{key}.name", half.texts, row.base, label, classes, tail=tail),
        *shape_below(half, row),
        *numbers(half, row, "value"),
    )
    return Group(key, children, "card", node=key)


def shape_below(half: TapeHalf, row: TapeRow) -> Iterator[Text]:
    """The shape of an array, below its name."""
    if row.face is not None:
        words = clipped(row.face.words, SMALL, half.words)
        yield Text(f"{row.node.id}.shape", half.texts, row.base + 15, words, QUIET)


def back_row(trace: Trace, half: TapeHalf, row: TapeRow) -> Group:
    """Number, name of the adjoint, one line for each of its terms, and the adjoint."""
    key = row.node.id
    children: list[Element] = [
        *row_start(half, row, f"{key}.back"),
        Text(f"{key}.adjoint.label", half.texts, row.base),
        *numbers(half, row, "adjoint"),
    ]
    if row.face is None:
        children.append(Text(f"{key}.cause", half.right - END - 16, row.middle + 5, anchor="end"))
    y = row.base
    if key in trace.ys:
        children.append(Text(f"{key}.seed.label", half.first_term, y))
        children.append(Text(f"{key}.inbox.seed", half.product_end, y, anchor="end"))
        y += LINE
    for n, edge in enumerate(trace.outgoing(row.node)):
        children.append(term_line(half, edge, y + n * LINE * (2 if half.stacked else 1)))
    return Group(f"{key}.back", tuple(children), "card", node=key)


def row_start(half: TapeHalf, row: TapeRow, key: str) -> Iterator[Element]:
    """The halo of half a row while its node is at work, its number, and the cursor before it."""
    for phase in PHASES[half.name]:
        size = half.right - half.left + 4, row.height - 2
        yield Box(f"{key}.halo.{phase}", half.left - 2, row.y + 1, *size, 5, "halo")
    number = f"{row.node.id}.{half.name}.number"
    yield Text(number, half.texts - 8, row.base, row.number, QUIET, "end")
    for phase in PHASES[half.name]:
        yield Text(f"{row.node.id}.cursor.{phase}", half.left + 2, row.base, "▶", "text")


def numbers(half: TapeHalf, row: TapeRow, lane: Lane) -> Iterator[Element]:
    """The number of a row with its dot, or the map of an array."""
    key, right = row.node.id, half.right - END
    if row.face is None:
        x = right - half.number - LANE
        line = straight((x, row.y + 6), (x, row.y + ROW - 6))
        yield Curve(f"{key}.{lane}.lane", line, f"lane {lane}")
        yield Chip(f"{key}.{lane}", right, row.middle + 0.5, 17, "end")
        yield Chip(f"{key}.{lane}.wait", right, row.middle + 0.5, 17, "end")
    else:
        yield from maps.map_at(key, row.face, lane, right, row.middle)


def term_line(half: TapeHalf, edge: Edge, y: float) -> Group:
    """One term of an adjoint, with a light behind it in its step."""
    below = y + LINE - 2 if half.stacked else y
    middle = (y + below) / 2 - 4
    light = straight((half.first_term - 2, middle), (half.product_end + 2, middle))
    children = (
        Curve(f"{edge.id}.glow", light),
        Text(f"{edge.id}.local", half.first_term, y),
        Text(f"{edge.id}.inbox", half.product_end, below, anchor="end"),
    )
    return Group(edge.id, children, "edge", edge=edge.id)


# Rules ------------------------------------------------------------------------------------------


def forward_rules(rows: Iterable[TapeRow]) -> Iterator[Rule]:
    """The values, and what goes with them."""
    for row in rows:
        yield Rule(row.node.id, "card", row.node.id)
        yield from half_rules(row, row.node.id, "forward", "value")


def back_rules(trace: Trace, half: TapeHalf, rows: Iterable[TapeRow]) -> Iterator[Rule]:
    """The adjoints and their terms."""
    tightest = tightest_of((row.node, half.words) for row in rows)
    light = 2 * LINE - 3 if half.stacked else LINE - 1
    for row in rows:
        key = row.node.id
        yield Rule(f"{key}.back", "card", key)
        yield from half_rules(row, f"{key}.back", "back", "adjoint")
        options = {"room": half.words, "tightest": tightest}
        yield Rule(f"{key}.adjoint.label", "total", key, options)
        if row.face is None:
            yield Rule(f"{key}.cause", "cause", key)
        if key in trace.ys:
            yield Rule(f"{key}.seed.label", "seed label", key)
            yield Rule(f"{key}.inbox.seed", "inbox seed", key, {"room": half.products})
        for edge in trace.outgoing(row.node):
            yield Rule(edge.id, "edge", edge.id)
            yield Rule(f"{edge.id}.glow", "glow", edge.id, {"width": light})
            yield Rule(f"{edge.id}.local", "factors", edge.id, {"room": half.terms})
            yield Rule(f"{edge.id}.inbox", "product", edge.id, {"room": half.product_room})


def half_rules(row: TapeRow, key: str, name: str, lane: Lane) -> Iterator[Rule]:
    """The lights, the cursor and the number of half a row."""
    node = row.node.id
    for phase in PHASES[name]:
        yield Rule(f"{key}.halo.{phase}", "halo", node, {"phase": phase})
        yield Rule(f"{node}.cursor.{phase}", "cursor", node, {"phase": phase})
    if row.face is None:
        yield Rule(f"{node}.{lane}", lane, node, {"room": NUMBER})
        yield Rule(f"{node}.{lane}.wait", "waiting", node, {"lane": lane})
    else:
        yield from maps.map_rules(node, node, row.face, lane)
