"""What an explorer has in common with its page: the traits."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from nbgrad.widgets.bundle import bundle


class SharedState(anywidget.AnyWidget):
    """The traits of an explorer; `static/shared_state.js` has the other side.

    Attributes
    ----------
    inputs, seeds
        For the label of each input and each y, its entries in row-major order. What has too many
        elements for entries is not there.
    arrays
        Those inputs, and seeds as `seed of f`, that have too many elements, and that Python has
        changed.
    stopped
        The ids of the nodes in stop_gradients.
    opened
        The names of the groups of operations that are not folded into one card.
    step
        How many steps of both passes are shown; `steps + 1` for all, with none at work.
    layout_name
        "overlay", "mirror", "tape" or "paths".
    hidden
        What a learner is to find: "" or "adjoints".
    answers
        What was typed in place of hidden numbers, and what was right.
    message
        What is wrong with an entry, or "".
    wrong
        Which entry that is, by its tensor and cell, or "".
    program
        The question as data, from which the page computes; None where it cannot.
    views
        The pictures that are laid out, by width, layout and opened groups.
    answer
        Where there is no program, what Python has computed.
    call
        The call that gives the same numbers, but for the numbers; see `code_line`.
    """

    @property
    def _esm(self) -> str:
        # As a text: for a path, anywidget starts a watcher that keeps every widget alive.
        return bundle().widget

    inputs = traitlets.Dict().tag(sync=True)
    seeds = traitlets.Dict().tag(sync=True)
    arrays = traitlets.Dict().tag(sync=True)
    stopped: Any = traitlets.List().tag(sync=True)
    opened: Any = traitlets.List().tag(sync=True)  # `open` is a method of every widget
    step = traitlets.Int().tag(sync=True)
    layout_name = traitlets.Unicode("overlay").tag(sync=True)  # `layout` is every widget's box
    hidden = traitlets.Unicode().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    wrong = traitlets.Unicode().tag(sync=True)
    program: Any = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    views = traitlets.Dict().tag(sync=True)
    answer: Any = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    call = traitlets.Dict().tag(sync=True)
