"""Answers: what Python has computed for a page that cannot, in the forms that it has otherwise."""

from __future__ import annotations

import dataclasses
from typing import Any

from nbgrad.picture.scene import PATCH_NAMES
from nbgrad.trace.model import FORMAT, Numbers, Trace
from nbgrad.trace.numbers import as_json, short
from nbgrad.widgets.views import ExplorerView

#: An array of more elements is told by its shape: no sentence and no card lists them.
MOST_ELEMENTS = 1000


def answer_of(trace: Trace, view: ExplorerView) -> dict[str, Any]:
    """The numbers of a trace, and the styles of a view for them."""
    seen, clock = view.seen(trace)
    styled = view.template.styled(trace)
    styles = {
        key: dict(zip(PATCH_NAMES, style, strict=True)) for key, style in styled.styles.items()
    }
    return {
        "view": view.key,
        "trace": {"format": FORMAT, **light(trace)},
        "seen": {"format": FORMAT, **light(seen)},
        "clock": [*clock],
        "styles": styles,
    }


def light(item: Any) -> Any:
    """A trace as `to_dict` writes it, but for the elements of large arrays.

    Complex numbers and texts are as a card shows them: the page has no arrays of them.
    """
    if isinstance(item, Numbers):
        shown = item.array.ravel()[: MOST_ELEMENTS + 1].tolist()
        elements = (
            []
            if len(shown) > MOST_ELEMENTS
            else map(as_json if item.array.dtype.kind in "biuf" else short, shown)
        )
        return {"dtype": item.dtype, "shape": [*item.shape], "elements": [*elements]}
    if dataclasses.is_dataclass(item):
        return {f.name: light(getattr(item, f.name)) for f in dataclasses.fields(item)}
    return [light(each) for each in item] if isinstance(item, tuple) else item
