"""The tape: one row for each node, as one does it on paper; it needs no arrows, and it prints.

The rows of the forward pass are numbered as they ran. The reverse pass stands beside them and is
read upwards; in a narrow picture it stands below them and is read downwards. Each adjoint has a
line for each of its terms: `df/db · ∂b/∂a`, and `1 · 4 = 4`; in a narrow picture, two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbgrad.picture.cards import tail_of, tightest_of
from nbgrad.picture.cards.faces import Face, Lane, data_of, faces_of
from nbgrad.picture.layouts.overlay import Layers
from nbgrad.picture.scene import Box, Curve, Element, Group, Text, straight
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


@dataclass(frozen=True)
class TapeRow:
    """The half of a node's row: its number, and its place."""

    node: Node
    number: str
    face: Face | None
    y: float
    height: float

    @property
    def bottom(self) -> float:
        return self.y + self.height

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
    """The columns of one pass: where each begins, and where the numbers end."""

    name: str
    left: float
    words: float
    terms: float
    products: float
    right: float
    number: float
    count: float
    stacked: bool = False  # whether the numbers of a term stand below its symbols

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
    operations = [node.id for node in nodes if trace.incoming(node)]
    numbers = {key: str(n) for n, key in enumerate(operations, 1)}
    data = data_of(trace)
    receiving = [node for node in nodes if node.role != "constant" and node.id not in data]
    each = 2 if back.stacked else 1
    terms = {
        node.id: each * len(trace.outgoing(node)) + (node.id in trace.ys) for node in receiving
    }
    rows = tape_rows(nodes, faces, TOP, numbers, terms if beside else {})
    first, bottom = TOP, rows[-1].bottom if rows else TOP
    lower = [row for row in reversed(rows) if row.node.id in terms]
    if not beside:
        first = bottom + APART + TOP
        lower = tape_rows(receiving[::-1], faces, first, numbers, terms)
        bottom = lower[-1].bottom if lower else first
    layers = Layers("heads", "rules", "forward", "reverse")
    layers["heads"] += [
        *tape_heads(forward, TOP, "forward ↓", "value"),
        *tape_heads(back, first, "reverse ↑" if beside else "reverse ↓", "gradient"),
    ]
    for half, here in ((forward, rows), (back, lower)):
        for row in here:
            line = straight((half.left, row.y), (half.right, row.y))
            layers["rules"].append(Curve(f"{row.node.id}.{half.name}.rule", line, "rule"))
    layers["forward"] += [forward_row(layers, forward, row) for row in rows]
    tightest = tightest_of((row.node, back.words) for row in lower)
    layers["reverse"] += [back_row(layers, trace, back, row, tightest) for row in lower]
    return layers.template(max(forward.right, back.right) + MARGIN, bottom + MARGIN)


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
    nodes: Sequence[Node],
    faces: Mapping[str, Face],
    y: float,
    numbers: Mapping[str, str],
    terms: Mapping[str, int],
) -> list[TapeRow]:
    """A row for each node, one below the other, with room for so many lines of terms."""
    rows: list[TapeRow] = []
    for node in nodes:
        face = faces.get(node.id)
        height = max(40.0, face.grid.height + 16) if face else ROW
        if node.id in terms:
            height = max(height, LINE * terms[node.id] + 10)
        rows.append(TapeRow(node, numbers.get(node.id, ""), face, y, height))
        y += height
    return rows


# Elements and rules -----------------------------------------------------------------------------


def tape_heads(half: TapeHalf, top: float, name: str, number: str) -> Iterator[Text]:
    """The words above the columns."""
    yield Text(f"head.{name.split()[0]}", half.texts, top - 9, name, QUIET)
    yield Text(f"head.{number}", half.right - END, top - 9, number, QUIET, "end")


def forward_row(layers: Layers, half: TapeHalf, row: TapeRow) -> Group:
    """Number, name, shape and value."""
    node, key = row.node, row.node.id
    label = clipped(node.label, NAME, half.words, bold=True)
    tail = clipped(tail_of(node), NAME, half.words - text_width(label, NAME, bold=True))
    classes = "text name input" if node.role in ("input", "variable") else "text name"
    parts = [
        *row_start(layers, half, row, key),
        Text(f"{key}.name", half.texts, row.base, label, classes, tail=tail),
    ]
    if row.face is not None:
        words = clipped(row.face.words, SMALL, half.words)
        parts.append(Text(f"{key}.shape", half.texts, row.base + 15, words, QUIET))
    parts += numbers(layers, half, row, "value")
    return layers.shown(Group(key, tuple(parts), "card", node=key), "card", key)


def back_row(layers: Layers, trace: Trace, half: TapeHalf, row: TapeRow, tightest: object) -> Group:
    """Number, name of the adjoint, one line for each of its terms, and the adjoint."""
    key, shown = row.node.id, layers.shown
    label = Text(f"{key}.adjoint.label", half.texts, row.base)
    parts = [
        *row_start(layers, half, row, f"{key}.back"),
        shown(label, "total", key, room=half.words, tightest=tightest),
        *numbers(layers, half, row, "adjoint"),
    ]
    y = row.base
    if key in trace.ys:
        parts.append(shown(Text(f"{key}.seed.label", half.first_term, y), "seed label", key))
        seed = Text(f"{key}.inbox.seed", half.product_end, y, anchor="end")
        parts.append(shown(seed, "inbox seed", key, room=half.products))
        y += LINE
    for n, edge in enumerate(trace.outgoing(row.node)):
        parts.append(term_line(layers, half, edge.id, y + n * LINE * (2 if half.stacked else 1)))
    return layers.shown(Group(f"{key}.back", tuple(parts), "card", node=key), "card", key)


def row_start(layers: Layers, half: TapeHalf, row: TapeRow, key: str) -> Iterator[Element]:
    """The halo of half a row while its node is at work, its number, and the cursor before it."""
    of, size = row.node.id, (half.right - half.left + 4, row.height - 2)
    for phase in PHASES[half.name]:
        halo = Box(f"{key}.halo.{phase}", half.left - 2, row.y + 1, *size, 5, "halo")
        yield layers.shown(halo, "halo", of, phase=phase)
    yield Text(f"{of}.{half.name}.number", half.texts - 8, row.base, row.number, QUIET, "end")
    for phase in PHASES[half.name]:
        cursor = Text(f"{of}.cursor.{phase}", half.left + 2, row.base, "▶", "text")
        yield layers.shown(cursor, "cursor", of, phase=phase)


def numbers(layers: Layers, half: TapeHalf, row: TapeRow, lane: Lane) -> Iterator[Element]:
    """The number of a row with its dot, or the map of an array."""
    right = half.right - END
    mark = right - half.number - LANE
    return layers.lane(row.node.id, lane, row.face, right, row.middle, mark, NUMBER)


def term_line(layers: Layers, half: TapeHalf, edge: str, y: float) -> Group:
    """One term of an adjoint, with a light behind it in its step."""
    below = y + LINE - 2 if half.stacked else y
    middle, width = (y + below) / 2 - 4, 2 * LINE - 3 if half.stacked else LINE - 1
    light = straight((half.first_term - 2, middle), (half.product_end + 2, middle))
    factors = Text(f"{edge}.local", half.first_term, y)
    product = Text(f"{edge}.inbox", half.product_end, below, anchor="end")
    parts = (
        layers.shown(Curve(f"{edge}.glow", light), "glow", edge, width=width),
        layers.shown(factors, "factors", edge, room=half.terms),
        layers.shown(product, "product", edge, room=half.product_room),
    )
    return layers.shown(Group(edge, parts, "edge", edge=edge), "edge", edge)
