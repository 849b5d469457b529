"""Where cards and brackets stand on rails: columns of a width, rows, tracks and ports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbgrad.picture.cards import inbox_of, tail_of
from nbgrad.picture.cards.faces import Face, Lane, data_of, faces_of
from nbgrad.picture.layouts.units import formula_order, shown_edges
from nbgrad.picture.theme import NAME, SMALL, text_width
from nbgrad.trace.model import Edge, Node, Trace
from nbgrad.trace.records import grouped

HEAD, LINE, GAP = 26.0, 34.0, 8.0  # above the first card; a card of one line; between two cards
SEAT, SEATS = 54.0, 17.0  # the width of one term of a sum, and the height of a line of them
FEW = 6  # so many terms stand below each other
NAME_LINE = 18.0  # of a name that is too long for its column
ARRAY = 44.0  # the least height of the line of an array, which has its shape below its name
LOCAL = 16.0  # the height of one local derivative
DIAL = 44.0  # the room for the seed below the card of a y
FIRST, APART, CLOSEST = 5.0, 8.5, 1.0  # from a card to its tracks, and between two tracks
MANY, CLOSEST_PORTS = 3, 6.0  # of more operands than this, a card is higher; between their ports
BEND = 5.0  # the radius of a bracket's corners
PAD, NUMBER, LANE, SPACE = 11.0, 73.0, 6.0, 8.0  # see `Columns`
NAMES, LOCALS = (62.0, 260.0), (78.0, 150.0)  # the least and the most room for each
READABLE = 120.0  # with less room for names than this, small arrays do without numbers
CROWDED = 6.0  # where tracks would be closer than this, brackets share some
HIGH_MAPS, FEW_ROWS = 300.0, 4  # maps that are higher together have small cells in many rows


@dataclass(frozen=True)
class Columns:
    """Where things stand from left to right: a number's room has a lane before it, and space."""

    left: float
    width: float
    names: float  # the width of the column; it would like to have `wish`
    wish: float
    locals: float
    numbers: float
    apart: float  # the distance between two tracks

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def name(self) -> float:
        """The left end of the names."""
        return self.left + PAD

    @property
    def local(self) -> float:
        """The left end of the local derivatives."""
        return self.name + self.names + SPACE

    @property
    def adjoint(self) -> float:
        """The right end of the adjoints."""
        return self.right - PAD + 1

    @property
    def value(self) -> float:
        """The right end of the values."""
        return self.adjoint - self.numbers - LANE - SPACE

    def reach(self, track: int) -> float:
        """How far a track is from the cards."""
        return FIRST + self.apart * track

    def seats(self, terms: Sequence[str]) -> int:
        """The terms of a sum on one line: where they are few, one below the adjoint."""
        return 1 if len(terms) <= FEW else int((self.width - 2 * PAD) // SEAT)


@dataclass(frozen=True)
class RailRow:
    """A card in its place."""

    node: Node
    face: Face | None
    y: float
    height: float
    middle: float  # the height of its numbers, or of the middle of its maps
    operands: tuple[Edge, ...]
    terms: tuple[str, ...]  # of a sum: the edges that bring them, and "seed"
    is_y: bool
    has_adjoint: bool
    has_own_line: bool  # whether its name is too long for its column, and stands above all else

    @property
    def bottom(self) -> float:
        return self.y + self.height


class RailGraph:
    """What stands on rails: cards in the order of the formula, and the edges between them.

    `columns` have their places within a width; each edge has one of the `tracks` beside them.
    """

    def __init__(self, trace: Trace, width: float) -> None:
        self.trace, self.width, self.data = trace, width, data_of(trace)
        self.nodes = formula_order(trace)
        self.edges = [edge for node in self.nodes for edge in self.operands(node)]
        place = {node.id: n for n, node in enumerate(self.nodes)}
        for numbered, shared in ((True, False), (False, False), (False, True)):
            self.tracks = tracks_of(self.edges, place, shared=shared)
            self.faces = faces_of(trace, numbered=numbered)
            if sum(face.grid.height for face in self.faces.values()) > HIGH_MAPS:
                tall = {key: 1 for key, face in self.faces.items() if face.grid.rows > FEW_ROWS}
                self.faces = faces_of(trace, numbered=numbered, dense=tall)
            self.columns = self.columns_beside(max(self.tracks.values(), default=0))
            is_readable = self.columns.names >= min(READABLE, self.columns.wish) or not numbered
            if is_readable and self.columns.apart >= CROWDED:
                break

    def operands(self, node: Node) -> list[Edge]:
        """The edges that are drawn to a node."""
        return shown_edges(self.trace, self.trace.incoming(node))

    def has_adjoint(self, node: Node) -> bool:
        return node.role != "constant" and node.id not in self.data

    def columns_beside(self, tracks: int) -> Columns:
        """The columns; tracks come closer before names lose their last letters."""
        faces = self.faces.values()
        number = max([NUMBER, *(face.grid.width for face in faces)])
        numbers = 2 * (number + LANE + SPACE) + 2 * PAD
        room = self.width - numbers - NAMES[0] - 2 * (FIRST + 4)
        apart = max(CLOSEST, min(APART, room / (2 * max(tracks, 1))))
        left = FIRST + 4 + apart * tracks
        room = max(self.width - 2 * left - numbers, NAMES[0])
        wishes = [text_width(n.label + tail_of(n), NAME, bold=True) for n in self.nodes]
        wish = max([0, *wishes, *(text_width(shape_words(face), SMALL) for face in faces)])
        names = min(max(NAMES[0], wish), room, NAMES[1])
        symbols = [text_width(e.local.symbol, SMALL) for e in self.edges if e.local is not None]
        local = min(max(symbols, default=0) + 74, LOCALS[1], room - names - SPACE)
        if not symbols or local < LOCALS[0]:
            local, names = 0.0, min(room, max(names, 292 - numbers))
        width = numbers + names + (local + SPACE if local else 0)
        return Columns(left, width, names, wish, local, number, apart)

    def rows(
        self, nodes: Sequence[Node], columns: Columns, y: float, lanes: Sequence[Lane]
    ) -> list[RailRow]:
        """The cards below each other; one with several readers has lines for its terms."""
        rows: list[RailRow] = []
        for node in nodes:
            is_y, has_adjoint = node.id in self.trace.ys, self.has_adjoint(node)
            operands = tuple(self.operands(node))
            terms = inbox_of(self.trace, node, [edge.id for edge in self.trace.outgoing(node)])
            terms = terms if "adjoint" in lanes and len(terms) > 1 and has_adjoint else ()
            face = self.faces.get(node.id)
            line = LINE if face is None else max(ARRAY, face.grid.height + 16)
            if len(operands) > MANY:
                line = max(line, CLOSEST_PORTS * len(operands) + 24)
            if columns.locals:
                line = max(line, LOCAL * len(operands) + (8 if is_y else 2))
            is_long = text_width(node.label, NAME, bold=True) > columns.names and "value" in lanes
            lead = NAME_LINE if is_long else 0.0
            lines = -(-len(terms) // columns.seats(terms))
            height = line + SEATS * lines + (4 if terms else 0) + lead
            shape = y, height, y + lead + line / 2
            rows.append(RailRow(node, face, *shape, operands, terms, is_y, has_adjoint, is_long))
            y += height + GAP + (DIAL if is_y and "adjoint" in lanes else 0)
        return rows


def tracks_of(edges: Sequence[Edge], place: Mapping[str, int], *, shared: bool) -> dict[str, int]:
    """The track of each bracket, counted from the cards: no two overlap, the shortest is first.

    Shared, those that begin at one card have one track.
    """
    groups = grouped(edges, lambda edge: edge.source if shared else edge.id)
    spans = [
        (place[group[0].source], max(place[edge.target] for edge in group), group)
        for group in groups.values()
    ]
    taken: list[list[tuple[int, int]]] = []
    found: dict[str, int] = {}
    for top, bottom, group in sorted(spans, key=lambda span: span[1] - span[0]):
        free = (n for n, on in enumerate(taken) if all(b <= top or bottom <= a for a, b in on))
        n = next(free, len(taken))
        if n == len(taken):
            taken.append([])
        taken[n].append((top, bottom))
        found |= {edge.id: n + 1 for edge in group}
    return found


def ports_of(
    rows: Sequence[RailRow], edges: Sequence[Edge], tracks: Mapping[str, int]
) -> dict[tuple[str, str], float]:
    """The heights at which brackets end, by card and edge: such that they are nested."""
    place = {row.node.id: n for n, row in enumerate(rows)}
    up: dict[str, list[str]] = {key: [] for key in place}
    down: dict[str, list[str]] = {key: [] for key in place}
    for edge in edges:
        upper, lower = sorted((edge.source, edge.target), key=place.__getitem__)
        down[upper].append(edge.id)
        up[lower].append(edge.id)
    found: dict[tuple[str, str], float] = {}
    for row in rows:
        key = row.node.id
        above = sorted(up[key], key=tracks.__getitem__)
        step = min(9.0, max(18 / max(len(above), 1), CLOSEST_PORTS))
        top = row.middle - (6 if len(above) == 1 else max(9, step * (len(above) - 1) / 2))
        found |= {(key, edge): top + n * step for n, edge in enumerate(above)}
        ways = sorted({tracks[edge] for edge in down[key]})
        first, last = row.middle + 9, row.bottom - (8 if len(ways) == 1 else 6)
        first = max(first, top + (len(above) - 1) * step + 6 if above else 0.0)
        step = min(9.0, (last - first) / max(len(ways) - 1, 1))
        found |= {(key, edge): last - ways.index(tracks[edge]) * step for edge in down[key]}
    return found


def shape_words(face: Face) -> str:
    """The shape of an array, and how often it is repeated: "[2] ×8 rows"."""
    return f"{face.words} {face.notes[0]}".rstrip()
