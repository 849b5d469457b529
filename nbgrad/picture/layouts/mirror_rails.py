"""The mirror on rails: the forward pass as one list of cards, and below it the reverse pass.

Both are read downwards: the first from the leaves to the ys, with brackets at the left; the second
from the ys back to the leaves, with brackets at the right and, on every card, what the gradient is
multiplied by on its ways down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nbgrad.picture.cards.card import HALOS, tightest_of
from nbgrad.picture.layouts.rail_places import (
    DIAL,
    GAP,
    HEAD,
    LANE,
    SPACE,
    Columns,
    RailRow,
    ports,
    rows_of_cards,
    tracks_of,
)
from nbgrad.picture.layouts.rails import (
    CROWDED,
    GLOW,
    bracket,
    fitting_columns,
    local_texts,
    rail_card_rules,
    rail_dial,
    rail_halos,
    rail_lane,
    rail_lane_rules,
    rail_names,
    rail_outline,
    term_rules,
    terms,
)
from nbgrad.picture.layouts.units import formula_order, shown_edges
from nbgrad.picture.scene import Bar, Curve, Element, Group, Rule, Scene, Text, straight
from nbgrad.picture.template import Template
from nbgrad.trace.model import Edge, Node, Trace

Parts = tuple[list[Element], list[Element], list[Element], list[Rule]]  # lights, roads, cards


def mirror_rails(trace: Trace, width: float) -> Template:
    """Both passes, one card a row."""
    nodes = formula_order(trace)
    edges = [e for node in nodes for e in shown_edges(trace, trace.incoming(node))]
    columns, tracks, faces = fitting_columns(trace, nodes, edges, width)
    columns = replace(columns, names=columns.names + columns.locals, locals=0)
    wide = replace(columns, names=columns.names + columns.numbers + LANE + SPACE)
    upper = rows_of_cards(trace, nodes, faces, wide, sums=False)
    middle = upper[-1].bottom + 2 * HEAD if upper else HEAD
    back = [row.node for row in reversed(upper) if row.has_adjoint]
    factors = replace(columns, locals=columns.numbers + LANE)
    lower = rows_of_cards(trace, back, faces, factors, middle, named=False)
    forward = forward_half(wide, upper, edges, tracks)
    reverse = reverse_half(factors, lower, backwards_of(edges, back))
    lights, roads, cards = (tuple(a + b) for a, b in zip(forward[:3], reverse[:3], strict=True))
    heads = (
        Text("head.value", columns.adjoint, HEAD - 9, "value", "text value-text", "end"),
        Text("head.adjoint", columns.adjoint, middle - 9, anchor="end"),
    )
    layers = (
        Group("lights", lights),
        Group("heads", heads),
        Group("roads", roads),
        Group("cards", cards),
    )
    rules = [*forward[3], *reverse[3]]
    if back:
        room = {"room": columns.numbers + LANE}
        rules.append(Rule("head.adjoint", "adjoint head", back[-1].id, room))
    bottom = max((row.bottom + DIAL * row.is_y for row in lower), default=middle)
    scene = Scene(columns.left + columns.right, bottom + GAP, Group("picture", layers))
    return Template(scene, tuple(rules))


def backwards_of(edges: Sequence[Edge], nodes: Sequence[Node]) -> list[Edge]:
    """The edges as a gradient goes along them: from the reader to the operand."""
    kept = {node.id for node in nodes}
    return [replace(e, source=e.target, target=e.source) for e in edges if e.source in kept]


def forward_half(
    columns: Columns, rows: Sequence[RailRow], edges: Sequence[Edge], tracks: dict[str, int]
) -> Parts:
    """The values: cards, and brackets at their left."""
    lights: list[Element] = []
    roads: list[Element] = []
    cards: list[Element] = []
    rules: list[Rule] = []
    heights = {row.node.id: ports(row, edges, tracks) for row in rows}
    for edge in edges:
        key, reach = edge.id, -columns.reach(tracks[edge.id])
        ends = heights[edge.source][key], heights[edge.target][key]
        curve = bracket(columns.left, *ends, reach)
        line = Curve(f"{key}.forward", curve, "road forward", "filled")
        roads.append(Group(key, (line,), "edge", edge=key))
        rules += [Rule(key, "edge", key), Rule(f"{key}.forward", "forward", key)]
    for row in rows:
        lights += rail_halos(columns, row, HALOS[:1])
        inside = (
            *rail_outline(columns, row),
            *rail_names(columns, row),
            *rail_lane(columns, row, "value", columns.adjoint),
        )
        cards.append(Group(row.node.id, inside, "card", node=row.node.id))
        rules += rail_card_rules(row, HALOS[:1])
        rules += rail_lane_rules(columns, row, "value")
    return lights, roads, cards, rules


def reverse_half(columns: Columns, rows: Sequence[RailRow], edges: Sequence[Edge]) -> Parts:
    """The adjoints: cards, and brackets at their right."""
    lights: list[Element] = []
    roads: list[Element] = []
    cards: list[Element] = []
    rules: list[Rule] = []
    columns, tracks = reverse_tracks(columns, rows, edges)
    heights = {
        row.node.id: ports(
            replace(row, operands=tuple(e for e in edges if e.target == row.node.id)),
            edges,
            tracks,
        )
        for row in rows
    }
    for edge in edges:
        ends = heights[edge.source][edge.id], heights[edge.target][edge.id]
        light, road = gradient_bracket(columns, edge.id, ends, tracks[edge.id])
        lights.append(light)
        roads.append(road)
        rules += bracket_rules(edge.id)
    tightest = tightest_of((row.node, columns.names) for row in rows)
    for row in rows:
        lights += rail_halos(columns, row, HALOS[1:], ".back")
        cards.append(adjoint_card(columns, row))
        rules += rail_card_rules(row, HALOS[1:], ".back")
        rules += rail_lane_rules(columns, row, "adjoint")
        rules += term_rules(row)
        key = row.node.id
        options = {"room": columns.names, "tightest": tightest}
        rules.append(Rule(f"{key}.adjoint.label", "total", key, options))
        room = {"room": columns.locals}
        rules += (Rule(f"{each.id}.local", "factor", each.id, room) for each in row.operands)
    return lights, roads, cards, rules


def reverse_tracks(
    columns: Columns, rows: Sequence[RailRow], edges: Sequence[Edge]
) -> tuple[Columns, dict[str, int]]:
    """The tracks of gradients, in the room that those of the values take on the other side."""
    # From the last row up, an operand stands before its readers.
    place = {row.node.id: -n for n, row in enumerate(rows)}
    ways = [replace(e, source=e.target, target=e.source) for e in edges]
    for shared in (False, True):
        tracks = tracks_of(ways, place, shared=shared)
        room = (columns.left - columns.reach(0)) / max(tracks.values(), default=1)
        if room >= CROWDED:
            break
    return replace(columns, apart=min(columns.apart, room)), tracks


def gradient_bracket(
    columns: Columns, key: str, ends: tuple[float, float], track: int
) -> tuple[Element, Element]:
    """The bracket of a gradient at the right, and the light below it."""
    curve, (start, _) = bracket(columns.right, *ends, columns.reach(track)), ends
    children = (
        Curve(f"{key}.reverse", curve, "road reverse", "open"),
        Curve(f"{key}.stub", straight((columns.right, start), (columns.right + 5, start))),
        Bar(f"{key}.stop", columns.right + 10, start, 12),
    )
    return Curve(f"{key}.glow", curve), Group(f"{key}.back", children, "edge", edge=key)


def bracket_rules(key: str) -> Iterator[Rule]:
    """What the bracket of a gradient shows."""
    yield Rule(f"{key}.back", "edge", key)
    for part in ("reverse", "stub", "stop"):
        yield Rule(f"{key}.{part}", part, key)
    yield Rule(f"{key}.glow", "glow", key, {"width": GLOW})


def adjoint_card(columns: Columns, row: RailRow) -> Group:
    """The card of an adjoint: its symbol, what it is multiplied by below, its number, its terms."""
    key = row.node.id
    children: list[Element] = [
        *rail_outline(columns, row, ".back"),
        Text(f"{key}.adjoint.label", columns.name, row.middle + 4.5),
        *local_texts(columns, row),
        *rail_lane(columns, row, "adjoint", columns.adjoint),
        *terms(columns, row),
    ]
    if row.face is None:
        children.append(Text(f"{key}.cause", columns.adjoint - 16, row.middle + 5, anchor="end"))
    if row.is_y:
        children += rail_dial(columns, row)
    return Group(f"{key}.back", tuple(children), "card", node=key)
