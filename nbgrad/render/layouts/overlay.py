"""The overlay: both passes in one drawing, the value of a card above its adjoint."""

from __future__ import annotations

from collections.abc import Iterable

from nbgrad.render.elements.cards import card
from nbgrad.render.elements.constants import constant
from nbgrad.render.elements.edges import edge_chips, edge_lines, room_of
from nbgrad.render.elements.legend import legend, used
from nbgrad.render.elements.row_ends import stub_lines, stub_looks, stubs_of
from nbgrad.render.layouts.view import Options, View
from nbgrad.render.placing.card_sizes import is_small_constant
from nbgrad.render.placing.layout import Layout, arrange
from nbgrad.render.placing.place import Place
from nbgrad.render.scene.measure import MARGIN
from nbgrad.render.scene.picture import Element, Group, Scene
from nbgrad.tracing.model import Trace


def overlay(trace: Trace, options: Options) -> View:
    """Arrows, then cards, then chips."""
    [layout] = arrange(trace, every_chip=options.every_chip)
    routes = layout.routes.values()
    stubs = stubs_of(trace, layout)
    layers = [
        Group("edges", (*map(edge_lines, routes), *stub_lines(stubs))),
        Group("cards", tuple(draw_place(trace, layout, each) for each in layout.places.values())),
        Group("chips", tuple(map(edge_chips, routes))),
    ]
    return View(
        finished(
            layers,
            layout.width,
            layout.height,
            trace if options.legend else None,
            chips=not layout.crowded,
        ),
        cards_of(layout),
        rooms_of(layout),
        layout.crowded,
        more=(lambda facts: stub_looks(facts, stubs),),
    )


def draw_place(trace: Trace, layout: Layout, place: Place) -> Group:
    """A card, or the small box of a constant."""
    small = is_small_constant(trace, trace.node(place.node))
    return constant(place) if small else card(trace, place, seed_below=layout.seeds_below)


def finished(
    layers: Iterable[Element],
    width: float,
    height: float,
    explained: Trace | None,
    *,
    chips: bool = True,
) -> Scene:
    """The scene of these layers; with a trace, a legend of what is to be seen of it is below."""
    layers = list(layers)
    if explained is not None:
        names = {*used(explained, layers, chips=chips)}
        words, taken = legend(height, MARGIN, width, names)
        layers.append(words)
        height += taken + MARGIN
    return Scene(width, height, Group("picture", tuple(layers)))


def cards_of(layout: Layout) -> dict[str, tuple[str, ...]]:
    """The ids of the cards of each node."""
    cards: dict[str, tuple[str, ...]] = {}
    for place in layout.places.values():
        cards[place.node] = (*cards.get(place.node, ()), place.id)
    return cards


def rooms_of(layout: Layout) -> dict[str, float]:
    """How wide the chips of each edge may be."""
    return {key: room_of(route, floating=layout.crowded) for key, route in layout.routes.items()}
