"""The overlay: both passes in one picture, the value of a card above its adjoint."""

from __future__ import annotations

from functools import partial

from nbgrad.picture.facts import Facts
from nbgrad.picture.legend import with_legend
from nbgrad.picture.old_card_styles import card_styles, constant_styles
from nbgrad.picture.old_cards import Place, card, constant_box, is_small_constant
from nbgrad.picture.old_edge_styles import connector_styles, edge_styles
from nbgrad.picture.old_edges import (
    chip_rooms,
    connector_elements,
    connectors,
    edge_chips,
    edge_lines,
)
from nbgrad.picture.placement import Placement, placements_of
from nbgrad.picture.scene import Group
from nbgrad.picture.style import Styles
from nbgrad.picture.template import Template
from nbgrad.trace.model import Trace


def overlay(trace: Trace, *, legend: bool, every_chip: bool) -> Template:
    """Arrows, then cards, then chips."""
    [placement] = placements_of(trace, every_chip=every_chip)
    routes = placement.routes.values()
    between_rows = connectors(trace, placement)
    layers = [
        Group("edges", (*map(edge_lines, routes), *connector_elements(between_rows))),
        Group("cards", all_cards(trace, placement)),
        Group("chips", tuple(map(edge_chips, routes))),
    ]
    size, explained = (placement.width, placement.height), trace if legend else None
    return Template(
        with_legend([*layers], size, explained, chips=not placement.crowded),
        styles=(*placed_styles(placement), partial(connector_styles, connectors=between_rows)),
        crowded=placement.crowded,
    )


def all_cards(trace: Trace, placement: Placement) -> tuple[Group, ...]:
    """A card in every place, or the small box of a constant."""

    def shown(place: Place) -> Group:
        if is_small_constant(trace, trace.node(place.node)):
            return constant_box(place)
        return card(trace, place, seed_below=placement.seeds_below)

    return tuple(map(shown, placement.places.values()))


def placed_styles(placement: Placement) -> tuple[partial[Styles], partial[Styles]]:
    """The function that finds the styles of all cards and all edges of a placement."""
    return (
        partial(all_card_styles, placement=placement),
        partial(all_edge_styles, rooms=chip_rooms(placement)),
    )


def all_card_styles(facts: Facts, placement: Placement) -> Styles:
    """The styles of the card in every place."""
    styles: Styles = {}
    for place in placement.places.values():
        node = facts.trace.node(place.node)
        if is_small_constant(facts.trace, node):
            styles |= constant_styles(node, place.id)
        else:
            styles |= card_styles(facts, node, place.id)
    return styles


def all_edge_styles(facts: Facts, rooms: dict[str, float]) -> Styles:
    """The styles of every edge, its chips no wider than its room."""
    styles: Styles = {}
    for key, room in rooms.items():
        styles |= edge_styles(facts, facts.trace.edge(key), room)
    return styles
