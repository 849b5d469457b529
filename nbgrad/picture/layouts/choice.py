"""The layouts by name, and the choice of what fits a width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nbgrad.picture.layouts.mirror import mirror
from nbgrad.picture.layouts.mirror_rails import mirror_rails
from nbgrad.picture.layouts.overlay import overlay
from nbgrad.picture.layouts.overview.painting import overview
from nbgrad.picture.layouts.paths import with_paths
from nbgrad.picture.layouts.rails import rails
from nbgrad.picture.layouts.tape import tape
from nbgrad.picture.template import Template
from nbgrad.trace.folding import (
    CROWD,
    Fold,
    Folds,
    Opened,
    folded,
    folds_of,
    is_absorbed,
    is_opened,
    ladders,
)
from nbgrad.trace.model import Trace

Layout = Callable[[Trace, float, Opened], Template]

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
    if opened == "all" or not has_many_cards(trace, opened):
        if (template := in_columns(trace, width, opened)) is not None:
            if template.scene.height <= HIGHEST_COLUMNS or len(trace.nodes) <= MOST or opened:
                return template
            return overview(trace, width, opened)
        template = on_rails(trace, width, opened)
        fits = template.scene.width <= width and (
            width < MEDIUM or template.scene.height <= HIGHEST
        )
        if len(trace.nodes) <= MOST or (fits and opened != "all"):
            return template
    return overview(trace, width, opened)


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
    """The overlay in columns, with as little folded as fits; chains unfold where there is room.

    Where that is higher than a screen, more is folded, if that makes it lower.
    """
    lowest: Template | None = None
    tried: set[tuple[Folds, bool]] = set()
    for most in FOLDED:
        folds = folds_of(trace, opened, most)
        seen, _ = folded(trace, folds)
        rungs = ladders(seen)
        for unfolded in (rungs, ()) if width >= WIDE and rungs else ((),):
            if not unfolded and opened != "all":
                folds = (*folds, not_opened(seen, rungs, opened))
                seen, _ = folded(trace, folds)
            if (folds, bool(unfolded)) in tried or width < MEDIUM:
                continue
            tried.add((folds, bool(unfolded)))
            template = overlay(seen, width, unfolded)
            if template is None:
                continue
            if lowest is None or template.scene.height < lowest.scene.height:
                lowest = replace(template, folds=folds)
            if lowest.scene.height <= HIGHEST:
                return lowest
    return lowest


def not_opened(trace: Trace, rungs: tuple[Fold, ...], opened: Opened) -> tuple[Fold, ...]:
    """The ladders that fold where there is no room for their rungs."""
    return tuple(fold for fold in rungs if opened == "all" or not is_opened(trace, fold, opened))


def on_rails(trace: Trace, width: float, opened: Opened) -> Template:
    """The overlay with one card a row."""
    folds = folds_of(trace, opened)
    seen, _ = folded(trace, folds)
    if opened != "all":
        folds = (*folds, not_opened(seen, ladders(seen), opened))
        seen, _ = folded(trace, folds)
    return replace(rails(seen, width), folds=folds)


def paths(trace: Trace, width: float, opened: Opened) -> Template:
    """The overlay with a ribbon for each path, and the products of paths below it."""
    template = in_columns(trace, width, opened)
    whole = template or on_rails(trace, width, opened)
    seen, _ = folded(trace, whole.folds)
    return with_paths(whole, seen, width, ribbons=template is not None)


def unfolded(layout: Callable[[Trace, float], Template]) -> Layout:
    """A layout that is placed for a width, of a trace with its layers and scopes folded."""

    def placed(trace: Trace, width: float, opened: Opened) -> Template:
        folds = folds_of(trace, opened)
        seen, _ = folded(trace, folds)
        return replace(layout(seen, width), folds=folds)

    return placed


def mirrored(trace: Trace, width: float, opened: Opened) -> Template:
    """The mirror for a width, with chains folded where there is no room for their columns."""
    folds = folds_of(trace, opened)
    seen, _ = folded(trace, folds)
    if (template := mirror(seen, width)) is not None:
        return replace(template, folds=folds)
    folds = (*folds, not_opened(seen, ladders(seen), opened))
    seen, _ = folded(trace, folds)
    return replace(mirror(seen, width) or mirror_rails(seen, width), folds=folds)


LAYOUTS: dict[str, Layout] = {
    "overlay": fitted,
    "mirror": mirrored,
    "tape": unfolded(tape),
    "paths": paths,
}
