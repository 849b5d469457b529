"""The two ends of an edge that leads from one row of a picture to another.

Out of its source comes a short arrow with the names of those that read it; into its reader leads
an edge that begins with the source's name.
"""

from __future__ import annotations

from dataclasses import dataclass

from nbgrad.render.elements.cards import straight
from nbgrad.render.placing.card_sizes import STUB_WIDEST
from nbgrad.render.placing.layout import OUT, Layout
from nbgrad.render.scene.curves import OFFSET
from nbgrad.render.scene.facts import NO_WINDOW, Facts
from nbgrad.render.scene.measure import PILL, clipped, pill_width
from nbgrad.render.scene.picture import OFF, Chip, Curve, Element, Look, Point
from nbgrad.render.scene.style import SMALL
from nbgrad.tracing.model import Trace

LENGTH = 15
HEIGHT = 17


@dataclass(frozen=True)
class Stub:
    """An end of one or more edges between rows, with the name of what is at the other end."""

    id: str
    edges: tuple[str, ...]
    at: Point
    text: str
    leaves: bool


def stubs_of(trace: Trace, layout: Layout) -> list[Stub]:
    """Every stub of a picture: those that leave, and those that arrive."""
    return [*leaving(trace, layout), *arriving(trace, layout)]


def leaving(trace: Trace, layout: Layout) -> list[Stub]:
    """One for each card that is read in another row."""
    found = []
    for key, at in layout.stubs.items():
        node = trace.node(key.removesuffix(".out"))
        edges = [e for e in trace.outgoing(node) if is_apart(trace, layout, e.id)]
        readers = dict.fromkeys(trace.node(edge.target).label for edge in edges)
        text = clipped(f"{', '.join(readers)} ↵", SMALL, OUT - LENGTH - PILL)
        found.append(Stub(key, tuple(edge.id for edge in edges), at, text, leaves=True))
    return found


def arriving(trace: Trace, layout: Layout) -> list[Stub]:
    """One for each edge that comes from another row."""
    found = []
    for key, route in layout.routes.items():
        if is_apart(trace, layout, key):
            label = trace.node(trace.edge(key).source).label
            text = clipped(label, SMALL, STUB_WIDEST - PILL)
            found.append(Stub(f"{key}.from", (key,), route.points[0], text, leaves=False))
    return found


def is_apart(trace: Trace, layout: Layout, key: str) -> bool:
    """Whether the ends of an edge stand in different rows."""
    edge = trace.edge(key)
    out = f"{edge.source}.out"
    if out not in layout.stubs or key not in layout.routes:
        return False
    return layout.routes[key].points[0][0] != layout.places[edge.source].right


def stub_lines(
    stubs: list[Stub], sides: tuple[int | None, int | None] = (-1, 1), name: str = "name"
) -> list[Element]:
    """Their arrows and names.

    Parameters
    ----------
    sides
        On which side of the middle the value's and the gradient's arrow are; None for no arrow.
    name
        How the ids of the names end.
    """
    drawn: list[Element] = []
    for stub in stubs:
        (x, y), width = stub.at, pill_width(stub.text)
        middle = x + LENGTH + width / 2 if stub.leaves else x - width / 2
        forward, back = sides if stub.leaves else (None, None)
        if forward is not None:
            ends = (x, y + forward * OFFSET), (x + LENGTH, y + forward * OFFSET)
            drawn.append(Curve(f"{stub.id}.forward", straight(*ends), "forward"))
        if back is not None:
            ends = (x + LENGTH, y + back * OFFSET), (x, y + back * OFFSET)
            drawn.append(Curve(f"{stub.id}.reverse", straight(*ends), head="open"))
        pill = Chip(f"{stub.id}.{name}", middle, y, HEIGHT, "middle", stub.text)
        drawn.append(pill._replace(classes="chip stub", width=width))
    return drawn


def stub_looks(facts: Facts, stubs: list[Stub]) -> dict[str, Look]:
    """The gradients that come back at the stubs out of cards."""
    looks = {}
    for stub in filter(lambda each: each.leaves, stubs):
        carried = [key for key in stub.edges if facts.trace.edge(key).contribution is not None]
        since = min((facts.active.get(key, NO_WINDOW)[0] for key in carried), default=0)
        look = Look(classes="reverse", since=since, width=1.5) if carried else OFF
        looks[f"{stub.id}.reverse"] = look
    return looks
