"""The layouts by name, and the choice of what fits a width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nbgrad.picture.mirror import mirror
from nbgrad.picture.overlay import overlay
from nbgrad.picture.paths import ribbons
from nbgrad.picture.rails import rails
from nbgrad.picture.tape import tape
from nbgrad.picture.template import Template
from nbgrad.trace.folding import Folds, Opened, folded, folds_of, ladders
from nbgrad.trace.model import Trace

Layout = Callable[[Trace, float, Opened], Template]

#: The least widths at which chains stand unfolded, and at which there are columns at all.
WIDE, MEDIUM = 760.0, 520.0

#: In a graph of more nodes, an overview shows groups.
MOST = 24


def fitted(trace: Trace, width: float, opened: Opened) -> Template:
    """The overlay for a width: in columns, with chains unfolded where there is room for them."""
    folds = folds_of(trace, opened)
    seen, _ = folded(trace, folds)
    rungs = ladders(seen)
    if width >= WIDE and (template := overlay(seen, width, rungs)) is not None:
        return replace(template, folds=folds)
    folds = (*folds, rungs)
    seen, _ = folded(trace, folds)
    template = overlay(seen, width) if width >= MEDIUM else None
    return replace(template or rails(seen, width), folds=folds)


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
    folds = (*folds, ladders(seen))
    seen, _ = folded(trace, folds)
    return replace(mirror(seen, width) or tape(seen, width), folds=folds)


def older(layout: Callable[..., Template]) -> Layout:
    """A layout that is placed for no width."""

    def placed(trace: Trace, width: float, opened: Opened) -> Template:
        folds: Folds = folds_of(trace, opened)
        seen, _ = folded(trace, folds)
        return replace(layout(seen, legend=False, every_chip=True), folds=folds)

    return placed


LAYOUTS: dict[str, Layout] = {
    "overlay": fitted,
    "mirror": mirrored,
    "tape": unfolded(tape),
    "paths": older(ribbons),
}
