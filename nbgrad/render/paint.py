"""From a Trace and a Layout to a Picture: the overlay, where both passes share one drawing."""

from __future__ import annotations

from nbgrad.render.cards import card
from nbgrad.render.constants import constant, constant_looks
from nbgrad.render.edges import edge_chips, edge_lines, edge_looks
from nbgrad.render.layout import MARGIN, Layout
from nbgrad.render.legend import legend
from nbgrad.render.parts import facts_of
from nbgrad.render.picture import Group, Look, Picture, Scene
from nbgrad.render.places import Place
from nbgrad.render.prose import headline
from nbgrad.render.sizes import is_small_constant
from nbgrad.render.states import card_looks
from nbgrad.tracing.model import Trace


def compose(trace: Trace, layout: Layout, *, with_legend: bool = True) -> Scene:
    """Everything that any picture of this graph may show: arrows, then cards, then chips.

    A scene holds no numbers. Compose it once for a graph, and paint every trace on it.
    """
    routes = layout.routes.values()
    layers = [
        Group("edges", tuple(edge_lines(route) for route in routes)),
        Group("cards", tuple(draw_place(trace, place) for place in layout.places.values())),
        Group("chips", tuple(edge_chips(route) for route in routes)),
    ]
    height = layout.height
    if with_legend:
        words, taken = legend(layout.height, MARGIN, layout.width)
        layers.append(words)
        height += taken + MARGIN
    return Scene(layout.width, height, Group("picture", tuple(layers)))


def draw_place(trace: Trace, place: Place) -> Group:
    """A card, or the small box of a constant."""
    small = is_small_constant(trace, trace.node(place.node))
    return constant(place) if small else card(trace, place)


def paint(trace: Trace, layout: Layout, scene: Scene, *, every_chip: bool = False) -> Picture:
    """The picture of one trace on the scene of its graph.

    Parameters
    ----------
    trace
        The numbers.
    layout, scene
        Of any trace of the same graph: see `nbgrad.render.layout.arrange` and `compose`.
    every_chip
        Show all chips even where there are so many cards that they would crowd the picture.
    """
    facts = facts_of(trace, chips_once=layout.crowded and not every_chip)
    looks: dict[str, Look] = {}
    for place in layout.places.values():
        node = trace.node(place.node)
        if is_small_constant(trace, node):
            looks |= constant_looks(node, place.id)
        else:
            looks |= card_looks(facts, node, place.id)
    for edge in trace.edges:
        looks |= edge_looks(facts, edge, layout.routes[edge.id])
    return Picture(scene, looks, len(trace.steps), headline(trace))
