"""What an overview shows: as much as fits, and more of what a reader has opened."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nbgrad.picture.layouts.overview.blocks import drawn
from nbgrad.picture.layouts.overview.clusters import Cluster, with_part, within
from nbgrad.picture.layouts.overview.frames import Link, level_of
from nbgrad.picture.layouts.overview.grouping import fewer, part_columns
from nbgrad.picture.layouts.overview.nesting import Places, TooHigh, nested
from nbgrad.picture.layouts.overview.view import NAMES, Choice, Detail, Overview
from nbgrad.picture.layouts.units import Unit

AREA = 51 * 32  # of the smallest block, with the room around it
MOST_NUMBERS = 40  # so many blocks at most have numbers
MOST_CARDS = 14  # and so many nodes that a reader has opened are cards

OPENED = 1.5  # how much higher a picture may be for what a reader has opened
MOST_COLUMNS = 12  # of groups
ROWS = (99, 12, 8, 6, 4, 3, 2, 1)
FEWER = (9, 7, 5, 4, 3, 2)  # columns of a group that is open where not all of it fits
TRIES = 8


@dataclass(frozen=True)
class Found:
    """What is shown, in its places.

    Attributes
    ----------
    edges
        For each line, the ids of the edges that it stands for.
    units
        The cards.
    names
        What is open of what a reader wanted to be.
    """

    shown: Choice
    places: Places
    edges: Mapping[Link, Sequence[str]]
    units: Mapping[str, Unit]
    names: tuple[str, ...]


def chosen(view: Overview, width: float, height: float) -> Found:
    """What is shown within a size."""
    if view.all_open:
        every = frozenset(cluster.id for cluster in within(view.root))
        if found := first(view, in_details(view, view.root, every, "name"), width, 1e9):
            return found
    inner: tuple[Detail, ...] = ("number", "name") if view.inner else ("name",)
    if 0 < len(view.inner) <= MOST_CARDS:
        inner = ("card", *inner)
    for each in inner:
        for share in (1.0, OPENED) if view.inner else (1.0,):
            for choice in (by_depth(view, each), by_fewer(view, each, width)):
                if found := first(view, choice, width, share * height):
                    return found if view.inner else refined(view, found, width, height)
    return chosen(view.with_less(), width, height)


def first(view: Overview, choices: Iterable[Choice], width: float, height: float) -> Found | None:
    """The first of several choices that fits."""
    too_high = None
    for shown in choices:
        alike = replace(shown, widest=0.0)
        if len(shown.blocks) * AREA > width * height or alike == too_high:
            continue
        try:
            if found := placed(view, shown, width, height):
                return found
        except TooHigh:  # shorter names are no help
            too_high = alike
    return None


def by_depth(view: Overview, inner: Detail) -> Iterator[Choice]:
    """All groups open; then the innermost closed, and so on."""
    for depth in range(view.root.depth, 0, -1):
        is_open = at_depth(view.root, depth) | view.forced(view.root)
        yield from in_details(view, view.root, is_open, inner)


def by_fewer(view: Overview, inner: Detail, width: float) -> Iterator[Choice]:
    """The outermost groups closed, and grouped again until they fit."""
    forced = view.forced(view.root)
    keep = {*view.asked, *forced}
    count = 1 + max(part_columns(view.links, view.root).values())
    for columns in range(min(count, MOST_COLUMNS), 0, -1):
        for rows in ROWS:
            root = fewer(view.links, view.root, columns, rows, keep)
            is_open = frozenset({""}) | view.forced(root)
            choices = [*in_details(view, root, is_open, inner)]
            if rows == ROWS[0]:
                nest, edges, _ = drawn(view, choices[-1])
                if level_of(nest, [*edges]).width > width:
                    break
            yield from choices


def in_details(
    view: Overview, root: Cluster, is_open: frozenset[str], inner: Detail
) -> Iterator[Choice]:
    """The same groups, with numbers, and with ever shorter names; beside cards, rather without."""
    start = Choice(root, is_open, inner, "name")
    has_numbers = len(start.blocks) <= MOST_NUMBERS and inner != "card"
    details: tuple[Detail, ...] = ("number", "ends", "name") if has_numbers else ("ends", "name")
    pairs = [(outer, widest) for outer in details for widest in NAMES]
    if inner == "card":
        pairs.sort(key=lambda pair: -pair[1])
    for outer, widest in pairs:
        yield replace(start, outer=outer, inner=inner if view.inner else outer, widest=widest)


def at_depth(root: Cluster, depth: int) -> frozenset[str]:
    """The ids of the groups that lie in less than so many others."""
    found, level = set(), [root]
    for _ in range(depth):
        found |= {cluster.id for cluster in level}
        level = [child for cluster in level for child in cluster.children]
    return frozenset(found)


def refined(view: Overview, found: Found, width: float, height: float) -> Found:
    """The same, with those groups open that there is room for: like ones together.

    A single one may be open with its parts grouped.
    """
    families: dict[tuple[str, int], list[Cluster]] = defaultdict(list)
    for block in found.shown.blocks:
        if isinstance(block, Cluster):
            families[re.sub(r"\d+", "#", block.name), len(block.members)].append(block)
    order = sorted(families.values(), key=lambda family: len(family[0].members) * len(family))
    for family in order[:TRIES]:
        is_open = found.shown.open | {cluster.id for cluster in family}
        more = replace(found.shown, open=is_open, outer="name")
        choices = [more]
        if len(family) == 1:
            choices += [
                replace(more, root=with_part(more.root, fewer(view.links, family[0], columns, 5)))
                for columns in FEWER
            ]
        named = (replace(each, widest=widest) for each in choices for widest in NAMES)
        found = first(view, named, width, height) or found
    return found


def placed(view: Overview, shown: Choice, width: float, height: float) -> Found | None:
    """The places of what is shown, if there is room."""
    nest, edges, units = drawn(view, shown)
    places = nested(nest, [*edges], width, height)
    return None if places is None else Found(shown, places, edges, units, view.names)
