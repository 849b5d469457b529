"""The explorer: a live picture whose inputs, weights and stops a learner moves."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import anywidget
import numpy as np
import traitlets

from nbgrad.render.css import css
from nbgrad.render.drawing import Drawing
from nbgrad.render.picture import difference
from nbgrad.session import Session
from nbgrad.session.feeding import fed_array
from nbgrad.tracing.model import Trace
from nbgrad.widgets.controls import MOST_CELLS, Kind, as_entries, field_for
from nbgrad.widgets.page import page_of
from nbgrad.widgets.question import Question
from nbgrad.widgets.settings import is_static
from nbgrad.widgets.words import code_line, panel, summary

STATIC = pathlib.Path(__file__).parent / "static"


class Explorer(anywidget.AnyWidget):
    """A live picture: change an input, a weight or a stop, and every adjoint follows.

    The controls are the state. Each is a trait, so that `observe` and `jslink` work, and has
    a method to set it by. `nbgrad.explore` makes an explorer.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients, feed_dict, session
        As for `nbgrad.explore`.

    Attributes
    ----------
    inputs, weights
        For the label of each input and each y, the entries of its fields in row-major order.
    stopped
        The ids of the nodes in stop_gradients.
    step
        How many steps of both passes are shown; `steps + 1` for all, with none at work.
    message
        What is wrong with an entry, or "".
    """

    module = STATIC / "explorer.js"
    style_sheet = (STATIC / "explorer.css").read_text(encoding="utf-8") + css()
    _esm = module
    _css = style_sheet

    # What the learner sets.
    inputs = traitlets.Dict().tag(sync=True)
    weights = traitlets.Dict().tag(sync=True)
    stopped: Any = traitlets.List().tag(sync=True)
    step = traitlets.Int().tag(sync=True)
    # What the page is made of; set once.
    svg = traitlets.Unicode().tag(sync=True)
    fields: Any = traitlets.List().tag(sync=True)
    switches: Any = traitlets.List().tag(sync=True)
    links: Any = traitlets.List().tag(sync=True)
    # What the page shows; set by every refresh. The patch leads from `svg` to now, whatever was
    # shown in between, so that a view that is opened later needs no history.
    patch = traitlets.Dict().tag(sync=True)
    steps = traitlets.Int().tag(sync=True)
    panel = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    answered = traitlets.Int().tag(sync=True)  # grows with every answer, so that silence is noticed

    def __init__(
        self,
        ys: Any,
        xs: Any = None,
        grad_ys: Any = None,
        stop_gradients: Any = None,
        feed_dict: Any = None,
        session: Session | None = None,
    ) -> None:
        self._question = question = Question(ys, xs, grad_ys, feed_dict, session)
        self._trace = question.trace(question.inputs, question.weights, frozenset())
        self._painted = Drawing.of(self._trace, opened="all")
        self._now = self._painted
        self._answered: Any = None
        super().__init__(
            inputs=entries(question.inputs),
            weights=entries(question.weights),
            fields=[
                *fields_for("input", question),
                *fields_for("weight", question),
            ],
            switches=[
                {"id": node.id, "label": node.label}
                for node in self._trace.nodes
                if node.role != "constant"
            ],
            links=[[edge.id, edge.source, edge.target] for edge in self._trace.edges],
            svg=self._painted.svg(),
            stopped=question.ids(stop_gradients or []),
            step=len(self._trace.steps) + 1,
        )
        self._refresh()
        self.observe(self._refresh, ["inputs", "weights", "stopped", "step"])

    # The same acts from Python --------------------------------------------------------------

    @property
    def trace(self) -> Trace:
        """What is on the screen, as data."""
        return self._trace

    @property
    def drawing(self) -> Drawing:
        """What is on the screen, as a picture that can be saved."""
        return self._now.at(self.step) if self.step <= self.steps else self._now

    @property
    def value(self) -> Inputs:
        """The inputs, by tensor, variable or label: `explorer.value[x] = 2.0`."""
        return Inputs(self)

    def stop(self, tensor: Any, on: bool = True) -> None:
        """Put a tensor into stop_gradients, or with `on=False` take it out.

        Raises
        ------
        KeyError
            If it is not on the picture.
        """
        [key] = self._question.ids([tensor])
        others = [each for each in self.stopped if each != key]
        self.stopped = [*others, key] if on else others

    def seed(self, y: Any, weight: Any) -> None:
        """Give a y its weight, an element of grad_ys.

        Raises
        ------
        KeyError
            If it is not one of the ys.
        ValueError
            If the weight is not a number, or not of y's shape.
        """
        label = self._question.label(y)
        self.weights = {**self.weights, label: self._checked(label, "weight", weight)}

    def seek(self, k: int) -> None:
        """Show the picture after `k` steps; negative numbers count from the end, −1 shows all.

        Raises
        ------
        IndexError
            If there are not so many steps.
        """
        last = self.steps + 1
        position = k + last + 1 if k < 0 else k
        if not 0 <= position <= last:
            raise IndexError(f"There are {self.steps} steps; there is no step {k}.")
        self.step = position

    def save(self, path: str | pathlib.Path) -> pathlib.Path:
        """Write what is on the screen to one offline file.

        Parameters
        ----------
        path
            `.html` keeps the steps: they can be walked through without a kernel. Any other
            ending is that of a picture; see `Drawing.save`.
        """
        path = pathlib.Path(path)
        if path.suffix.lower() != ".html":
            return self.drawing.save(path)
        path.write_text(page_of(self), encoding="utf-8")
        return path

    def _repr_mimebundle_(self, **options: Any) -> Any:
        if is_static():
            return self.drawing._repr_mimebundle_()
        return super()._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        return f"<Explorer of {self.code}>"

    def _checked(self, label: str, kind: str, value: Any) -> list[float | str]:
        """A new value as entries, refused before anything changes."""
        tensor = self._question.tensor(label, kind)
        return as_entries(fed_array(tensor, value))

    # The one refresh ------------------------------------------------------------------------

    def _refresh(self, _change: Any = None) -> None:
        """Read the controls, compute one trace, send one patch."""
        try:
            self._answer()
        except Exception as error:
            # The learner sees it in the widget, in its own words, and the last good picture.
            self.message = f"{type(error).__name__}: {error}"
        self.answered += 1

    def _answer(self) -> None:
        # "All steps" stays all of them, however many there are under other stops.
        shows_all = self.step > len(self._trace.steps)
        asked = (dict(self.inputs), dict(self.weights), list(self.stopped))
        if asked != self._answered:
            inputs = self._question.read("input", self.inputs)
            weights = self._question.read("weight", self.weights)
            trace = self._question.trace(inputs, weights, frozenset(self.stopped))
            self._now = self._painted.repainted(trace)
            patch = difference(self._painted.picture, self._now.picture)
            self._trace, self._answered = trace, asked
            code = code_line(trace, list(weights.values()), self.stopped)
        else:
            patch, code = self.patch, self.code
        k = min(self.step, len(self._trace.steps) + 1)
        with self.hold_sync():
            self.patch, self.code, self.message = patch, code, ""
            self.steps = len(self._trace.steps)
            if shows_all:
                self.step = k = self.steps + 1
            self.panel, self.summary = panel(self._trace, k), summary(self._trace, k)


class Inputs(MutableMapping[Any, Any]):
    """An explorer's inputs as a dictionary that can be written to."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer

    def __getitem__(self, key: Any) -> Any:
        question = self._explorer._question
        value = question.read("input", self._explorer.inputs)[question.label(key)]
        return value if value.ndim else value[()]

    def __setitem__(self, key: Any, value: Any) -> None:
        explorer = self._explorer
        label = explorer._question.label(key)
        if label not in explorer.inputs:
            raise KeyError(f"{label!r} is computed, not given. Inputs: {', '.join(self)}")
        explorer.inputs = {**explorer.inputs, label: explorer._checked(label, "input", value)}

    def __delitem__(self, key: Any) -> None:
        raise TypeError("An input cannot be taken away.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._explorer.inputs)

    def __len__(self) -> int:
        return len(self._explorer.inputs)

    def __repr__(self) -> str:
        return repr({label: self[label] for label in self})


def fields_for(kind: Kind, question: Question) -> list[dict[str, Any]]:
    """The fields of all inputs, or of all weights, that have few enough cells."""
    start = question.inputs if kind == "input" else question.weights
    return [
        field_for(label, kind, question.tensor(label, kind), value).to_dict()
        for label, value in start.items()
        if np.size(value) <= MOST_CELLS
    ]


def entries(values: Mapping[str, Any]) -> dict[str, list[float | str]]:
    """Arrays as the entries of their fields."""
    return {label: as_entries(value) for label, value in values.items()}
