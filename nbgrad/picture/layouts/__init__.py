"""The layouts by name, and the choice of what fits a width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nbgrad.picture.layouts.mirror import mirror
from nbgrad.picture.layouts.overlay import overlay
from nbgrad.picture.layouts.overview import overview
from nbgrad.picture.layouts.paths import with_paths
from nbgrad.picture.layouts.rails import mirror_rails, rails
from nbgrad.picture.layouts.tape import tape
from nbgrad.picture.template import Template
from nbgrad.trace.folding import (
    CROWD,
    Folds,
    Opened,
    folded,
    folds_of,
    is_absorbed,
    is_opened,
    ladders,
)
from nbgrad.trace.model import Trace

#: The least widths at which chains stand unfolded, and at which there are columns at all.
WIDE, MEDIUM = 760.0, 520.0
#: Layers and losses fold in pictures of more cards than this, until the columns fit.
FOLDED = (CROWD, 6, 0)
#: Of more cards than this there is an overview, and of more nodes on higher rails.
MOST, HIGHEST = 24, 600.0
#: Columns may be higher than a screen, as they show more than an overview; not higher than this.
HIGHEST_COLUMNS = 1.5 * HIGHEST


def fitted(trace: Trace, width: float, opened: Opened) -> Template:
    """The overlay for a width: in columns where they fit, else on rails; an overview of much."""
    few = len(trace.nodes) <= MOST
    if opened != "all" and has_many_cards(trace, opened):
        return overview(trace, width, opened)
    if (template := in_columns(trace, width, opened)) is not None:
        low = template.scene.height <= HIGHEST_COLUMNS
        return template if low or few or opened else overview(trace, width, opened)
    template = on_rails(trace, width, opened)
    low = template.scene.width <= width and (width < MEDIUM or template.scene.height <= HIGHEST)
    return template if few or (low and opened != "all") else overview(trace, width, opened)


def has_many_cards(trace: Trace, opened: Opened) -> bool:
    """Whether there are too many cards for one screen, or one would stand for as many unnamed."""
    if len(trace.nodes) <= MOST:
        return False
    folds = folds_of(trace, opened)
    unnamed = (fold for stage in folds for fold in stage if not fold.name and not fold.form)
    seen, _ = folded(trace, folds)
    cards = sum(not is_absorbed(seen, node) for node in seen.nodes)
    return max(cards, *(fold.operations for fold in unnamed), 0) > MOST


def in_columns(trace: Trace, width: float, opened: Opened) -> Template | None:
    """The overlay in columns, with as little folded as fits and is no higher than a screen."""
    lowest: Template | None = None
    tried: set[tuple[Folds, bool]] = set()
    for most in FOLDED if width >= MEDIUM else ():
        folds = folds_of(trace, opened, most)
        rungs = ladders(folded(trace, folds)[0])
        for unfolded in (rungs, ()) if width >= WIDE and rungs else ((),):
            if not unfolded:
                folds = with_ladders(trace, folds, opened)
            if (folds, bool(unfolded)) in tried:
                continue
            tried.add((folds, bool(unfolded)))
            template = overlay(folded(trace, folds)[0], width, unfolded)
            if template is None:
                continue
            if lowest is None or template.scene.height < lowest.scene.height:
                lowest = replace(template, folds=folds)
            if lowest.scene.height <= HIGHEST:
                return lowest
    return lowest


def with_ladders(trace: Trace, folds: Folds, opened: Opened) -> Folds:
    """Folds, and after them the ladders that are not opened, where their rungs have no room."""
    if opened == "all":
        return folds
    seen, _ = folded(trace, folds)
    return (*folds, tuple(fold for fold in ladders(seen) if not is_opened(seen, fold, opened)))


def seen_with(
    layout: Callable[[Trace, float], Template], trace: Trace, width: float, folds: Folds
) -> Template:
    """The template of a layout, of a trace with these folds."""
    return replace(layout(folded(trace, folds)[0], width), folds=folds)


def on_rails(trace: Trace, width: float, opened: Opened) -> Template:
    """The overlay with one card a row."""
    return seen_with(rails, trace, width, with_ladders(trace, folds_of(trace, opened), opened))


def paths(trace: Trace, width: float, opened: Opened) -> Template:
    """The overlay with a ribbon for each path, and the products of paths below it."""
    template = in_columns(trace, width, opened)
    whole = template or on_rails(trace, width, opened)
    return with_paths(whole, folded(trace, whole.folds)[0], width, ribbons=template is not None)


def mirrored(trace: Trace, width: float, opened: Opened) -> Template:
    """The mirror for a width, with chains folded where there is no room for their columns."""
    folds = folds_of(trace, opened)
    if (template := mirror(folded(trace, folds)[0], width)) is not None:
        return replace(template, folds=folds)
    folds = with_ladders(trace, folds, opened)
    return seen_with(lambda seen, w: mirror(seen, w) or mirror_rails(seen, w), trace, width, folds)


def taped(trace: Trace, width: float, opened: Opened) -> Template:
    """The tape of a trace with its layers and scopes folded."""
    return seen_with(tape, trace, width, folds_of(trace, opened))


#: A trace, a width, and what a reader has opened, as a template.
Layout = Callable[[Trace, float, Opened], Template]
LAYOUTS: dict[str, Layout] = {
    "overlay": fitted,
    "mirror": mirrored,
    "tape": taped,
    "paths": paths,
}
