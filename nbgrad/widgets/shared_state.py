"""What an explorer has in common with its page: the traits."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from nbgrad.widgets.bundle import bundle


class SharedState(anywidget.AnyWidget):
    """The traits of an explorer; `static/shared_state.js` has the other side."""

    @property
    def _esm(self) -> str:
        # As a text: for a path, anywidget starts a watcher that keeps every widget alive.
        return bundle().widget

    #: For the label of each input and each y, its entries in row-major order. What has too many
    #: elements for entries is not there.
    inputs = traitlets.Dict().tag(sync=True)
    seeds = traitlets.Dict().tag(sync=True)
    #: Those inputs, and seeds as `seed of f`, that have too many, and that Python has changed.
    arrays = traitlets.Dict().tag(sync=True)
    #: The ids of the nodes in stop_gradients.
    stopped: Any = traitlets.List().tag(sync=True)
    #: The names of the groups of operations that are not folded into one card.
    opened: Any = traitlets.List().tag(sync=True)  # `open` is a method of every widget
    #: How many steps of both passes are shown; `steps + 1` for all, with none at work.
    step = traitlets.Int().tag(sync=True)
    layout_name = traitlets.Unicode("overlay").tag(sync=True)  # `layout` is every widget's box
    #: What a learner is to find: "" or "adjoints"; what was typed there, and what was right.
    hidden = traitlets.Unicode().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    #: What is wrong with an entry, or ""; and which one, by its tensor and cell.
    message = traitlets.Unicode().tag(sync=True)
    wrong = traitlets.Unicode().tag(sync=True)
    #: The question as data, from which the page computes; None where it cannot.
    program: Any = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    #: The pictures that are laid out, by width, layout and opened groups.
    views = traitlets.Dict().tag(sync=True)
    #: Where there is no program, what Python has computed.
    answer: Any = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    #: The call that gives the same numbers, but for the numbers; see `code_line`.
    call = traitlets.Dict().tag(sync=True)
