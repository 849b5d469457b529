"""One trace, several scenes: what the layouts of a picture have in common.

A layout composes a scene: which elements there are, and where. How an element looks follows
from its id and the trace alone, so that all layouts show the same numbers: the upper chip of an
edge says the same in the overlay, in the mirror and on the tape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nbgrad.render.elements.card_states import card_looks
from nbgrad.render.elements.constants import constant_looks
from nbgrad.render.elements.edges import edge_looks
from nbgrad.render.placing.card_sizes import is_small_constant
from nbgrad.render.scene.facts import Facts, facts_of
from nbgrad.render.scene.picture import Look, Picture, Scene
from nbgrad.render.words.prose import headline
from nbgrad.tracing.folded_trace import Folds, folded
from nbgrad.tracing.model import Trace

Looks = dict[str, Look]


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
class View:
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
        The looks of what this layout has beside cards and edges.
    folds
        Which operations are drawn together as one card.
    """

    scene: Scene
    cards: Mapping[str, tuple[str, ...]]
    rooms: Mapping[str, float]
    crowded: bool = False
    boxes: bool = True
    more: tuple[Callable[[Facts], Looks], ...] = ()
    folds: Folds = ()


def paint(trace: Trace, view: View) -> Picture:
    """The picture of one trace on the scene of its graph.

    Parameters
    ----------
    trace
        The numbers.
    view
        Composed from any trace of the same graph.
    """
    whole, (trace, clock) = trace, folded(trace, view.folds)
    facts = facts_of(trace, chips_once=view.crowded)
    looks: Looks = {}
    for node in trace.nodes:
        small = view.boxes and is_small_constant(trace, node)
        for key in view.cards.get(node.id, ()):
            looks |= constant_looks(node, key) if small else card_looks(facts, node, key)
    for edge in trace.edges:
        if edge.id in view.rooms:
            looks |= edge_looks(facts, edge, view.rooms[edge.id])
    for more in view.more:
        looks |= more(facts)
    for key in looks.keys() - view.scene.ids:
        del looks[key]
    if whole is not trace:
        looks = {key: retimed(look, clock) for key, look in looks.items()}
    return Picture(view.scene, looks, len(whole.steps), headline(whole))


def retimed(look: Look, clock: tuple[int, ...]) -> Look:
    """A look of a folded trace, timed by the steps of the whole one."""
    return look._replace(since=tick(look.since, clock), until=tick(look.until, clock))


def tick(k: int, clock: tuple[int, ...]) -> int:
    """When a step of a folded trace has happened; what is never or afterwards stays so."""
    return clock[k] if k < len(clock) else clock[-1] + 1 if k == len(clock) else k
