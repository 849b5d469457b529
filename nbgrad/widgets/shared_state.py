"""What an explorer and its page tell each other: the contract between Python and JavaScript."""

from __future__ import annotations

import pathlib
from typing import Any

import anywidget
import traitlets

from nbgrad.render.output.css import css

STATIC = pathlib.Path(__file__).parent / "static"


class SharedState(anywidget.AnyWidget):
    """The traits of an explorer; `static/explorer.js` has the other side.

    Attributes
    ----------
    inputs, weights
        For the label of each input and each y, the entries of its fields in row-major order.
    stopped
        The ids of the nodes in stop_gradients.
    opened
        The names of the groups of operations that are not folded into one card.
    step
        How many steps of both passes are shown; `steps + 1` for all, with none at work.
    message
        What is wrong with an entry, or "".
    wrong
        Which entry that is, by its field and cell, or "".
    """

    module = STATIC / "explorer.js"
    style_sheet = (STATIC / "explorer.css").read_text(encoding="utf-8") + css()
    _esm = module
    _css = style_sheet

    # What the learner sets.
    inputs = traitlets.Dict().tag(sync=True)
    weights = traitlets.Dict().tag(sync=True)
    stopped: Any = traitlets.List().tag(sync=True)
    opened: Any = traitlets.List().tag(sync=True)  # `open` is a method of every widget
    step = traitlets.Int().tag(sync=True)
    fields: Any = traitlets.List().tag(sync=True)
    # What the page is made of; new when a group is opened or closed.
    svg = traitlets.Unicode().tag(sync=True)
    links: Any = traitlets.List().tag(sync=True)
    groups: Any = traitlets.List().tag(sync=True)
    switches: Any = traitlets.List().tag(sync=True)
    # What the page shows; set by every refresh. The patch leads from `svg` to now, whatever was
    # shown in between, so that a view that is opened later needs no history.
    patch = traitlets.Dict().tag(sync=True)
    steps = traitlets.Int().tag(sync=True)
    panel = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    wrong = traitlets.Unicode().tag(sync=True)
    answered = traitlets.Int().tag(sync=True)  # grows with every answer, so that silence is noticed
