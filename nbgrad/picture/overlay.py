"""The overlay: both passes in one drawing, the value of a card above its adjoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from nbgrad.picture.cards import card, card_styles, is_small_constant
from nbgrad.picture.edges import (
    constant,
    constant_styles,
    edge_chips,
    edge_lines,
    edge_styles,
    room_of,
    stub_lines,
    stub_styles,
    stubs_of,
)
from nbgrad.picture.facts import Facts, facts_of
from nbgrad.picture.geometry import MARGIN, Place
from nbgrad.picture.layout import Layout, arrange
from nbgrad.picture.legend import legend, used
from nbgrad.picture.scene import Element, Group, Scene, Style, StyledScene
from nbgrad.picture.words import headline
from nbgrad.trace.folding import Folds, folded
from nbgrad.trace.model import Trace


def overlay(trace: Trace, options: Options) -> Template:
    """Arrows, then cards, then chips."""
    [layout] = arrange(trace, every_chip=options.every_chip)
    routes = layout.routes.values()
    stubs = stubs_of(trace, layout)
    layers = [
        Group("edges", (*map(edge_lines, routes), *stub_lines(stubs))),
        Group("cards", tuple(draw_place(trace, layout, each) for each in layout.places.values())),
        Group("chips", tuple(map(edge_chips, routes))),
    ]
    return Template(
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
        more=(lambda facts: stub_styles(facts, stubs),),
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


Styles = dict[str, Style]


@dataclass(frozen=True)
class Options:
    """What a picture may be asked for, whatever its layout.

    Attributes
    ----------
    legend
        Whether a line below it says what its arrows and chips mean.
    every_chip
        Whether all chips show at once, also where there are so many cards that they crowd.
    """

    legend: bool = True
    every_chip: bool = False


@dataclass(frozen=True, eq=False)
class Template:
    """A scene, and what must be known to paint any trace of its graph on it.

    Attributes
    ----------
    scene
        What there is to see.
    cards
        The ids of the cards of each node: a small constant has one for each reader.
    rooms
        How wide the chips of each edge may be.
    crowded
        Whether chips show for one edge at a time.
    boxes
        Whether small constants are boxes without lanes.
    more
        The styles of what this layout has beside cards and edges.
    folds
        Which operations are drawn together as one card.
    """

    scene: Scene
    cards: Mapping[str, tuple[str, ...]]
    rooms: Mapping[str, float]
    crowded: bool = False
    boxes: bool = True
    more: tuple[Callable[[Facts], Styles], ...] = ()
    folds: Folds = ()


def paint(trace: Trace, template: Template) -> StyledScene:
    """The picture of one trace on the scene of its graph.

    Parameters
    ----------
    trace
        The numbers.
    template
        Composed from any trace of the same graph.
    """
    whole, (trace, clock) = trace, folded(trace, template.folds)
    facts = facts_of(trace, chips_once=template.crowded)
    styles: Styles = {}
    for node in trace.nodes:
        small = template.boxes and is_small_constant(trace, node)
        for key in template.cards.get(node.id, ()):
            styles |= constant_styles(node, key) if small else card_styles(facts, node, key)
    for edge in trace.edges:
        if edge.id in template.rooms:
            styles |= edge_styles(facts, edge, template.rooms[edge.id])
    for more in template.more:
        styles |= more(facts)
    for key in styles.keys() - template.scene.ids:
        del styles[key]
    if whole is not trace:
        styles = {key: retimed(style, clock) for key, style in styles.items()}
    return StyledScene(template.scene, styles, len(whole.steps), headline(whole))


def retimed(style: Style, clock: tuple[int, ...]) -> Style:
    """A style of a folded trace, timed by the steps of the whole one."""
    return style._replace(since=tick(style.since, clock), until=tick(style.until, clock))


def tick(k: int, clock: tuple[int, ...]) -> int:
    """When a step of a folded trace has happened; what is never or afterwards stays so."""
    return clock[k] if k < len(clock) else clock[-1] + 1 if k == len(clock) else k
