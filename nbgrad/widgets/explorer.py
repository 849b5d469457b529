"""The explorer: a live picture in a notebook, whose controls are traits."""

from __future__ import annotations

import operator
import pathlib
from collections.abc import Iterator, MutableMapping
from typing import Any

import anywidget
import numpy as np
import traitlets

from nbgrad.core.session import Session
from nbgrad.core.settings import is_static
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.result import form_of, write_file
from nbgrad.trace.folding import Opened
from nbgrad.trace.model import Trace
from nbgrad.widgets.bundle import bundle
from nbgrad.widgets.controls import MOST_CELLS, Kind, as_entries
from nbgrad.widgets.display import FoldedScene, with_opened
from nbgrad.widgets.model import Model
from nbgrad.widgets.page import page_of
from nbgrad.widgets.words import (
    code_line,
    error_line,
    explorer_repr,
    panel,
    step_description,
    title,
)


class SharedState(anywidget.AnyWidget):
    """The traits of an explorer; `static/explorer.js` has the other side.

    Attributes
    ----------
    inputs, seeds
        For the label of each input and each y, the entries of its fields in row-major order.
        What has no fields stays in Python.
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

    @property
    def _esm(self) -> str:
        # As a text: for a path, anywidget starts a watcher that keeps every widget alive.
        return bundle().widget

    # Set by the learner.
    inputs = traitlets.Dict().tag(sync=True)
    seeds = traitlets.Dict().tag(sync=True)
    stopped: Any = traitlets.List().tag(sync=True)
    opened: Any = traitlets.List().tag(sync=True)  # `open` is a method of every widget
    step = traitlets.Int().tag(sync=True)
    fields: Any = traitlets.List().tag(sync=True)
    # The parts of the page; new when a group is opened or closed.
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


class Explorer(SharedState):
    """A live picture: change an input, a seed or a stop, and every adjoint follows.

    The controls are the state. Each is a trait, so that `observe` and `jslink` work, and has
    a method to set it by. `nbgrad.explore` makes an explorer.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients, feed_dict, session, open
        As for `nbgrad.explore`.

    Attributes
    ----------
    inputs, seeds, stopped, opened, step, message, wrong
        See `SharedState`.
    """

    def __init__(
        self,
        ys: Any,
        xs: Any = None,
        grad_ys: Any = None,
        stop_gradients: Any = None,
        feed_dict: Any = None,
        session: Session | None = None,
        open: Opened = (),
    ) -> None:
        self._model = model = Model(ys, xs, grad_ys, feed_dict, session)
        stopped = model.ids(stop_gradients or [])
        trace = model.trace(model.inputs, model.seeds, frozenset(stopped))
        opened = with_opened(trace, [], open)
        self._display = FoldedScene(trace, opened).display(trace)
        self._shown_state: Any = None
        start = {"input": model.inputs, "seed": model.seeds}
        #: The arrays that have too many elements for fields: they are set from Python alone.
        self._large = {
            kind: {label: value for label, value in arrays.items() if value.size > MOST_CELLS}
            for kind, arrays in start.items()
        }
        super().__init__(
            inputs=self._entries("input", model.inputs),
            seeds=self._entries("seed", model.seeds),
            fields=[*model.fields("input"), *model.fields("seed")],
            stopped=stopped,
            opened=opened,
            step=self._display.steps + 1,
        )
        self._refresh()
        self.observe(self._refresh, ["inputs", "seeds", "stopped", "opened", "step"])

    def _entries(self, kind: str, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        large = self._large[kind]
        return {label: as_entries(value) for label, value in arrays.items() if label not in large}

    # The same acts from Python --------------------------------------------------------------

    @property
    def trace(self) -> Trace:
        """The trace that is shown; with everything that is folded."""
        return self._display.trace

    @property
    def drawing(self) -> Drawing:
        """The picture that is shown, to be saved."""
        drawing = Drawing.of(self.trace, open=self.opened)
        return drawing.at(self._display.clock[self.step]) if self.step <= self.steps else drawing

    @property
    def value(self) -> Inputs:
        """The inputs, by tensor, variable or label: `explorer.value[x] = 2.0`."""
        return Inputs(self)

    def _put(self, kind: Kind, key: Any, value: Any) -> None:
        """Set an input or a seed; what is wrong is refused before anything changes."""
        label, array = self._model.checked(kind, key, value)
        if label in self._large[kind]:
            self._large[kind][label] = array
            self._refresh()
        else:
            setattr(self, f"{kind}s", {**getattr(self, f"{kind}s"), label: as_entries(array)})

    def seed(self, y: Any, seed: Any) -> None:
        """Give a y its seed, an element of grad_ys.

        Raises
        ------
        KeyError
            If it is not one of the ys; the message lists them.
        ValueError
            If the seed is not a number, or not of y's shape.
        """
        self._put("seed", y, seed)

    def stop(self, tensors: Any, on: bool = True) -> None:
        """Put one or several tensors into stop_gradients, or with `on=False` take them out.

        Raises
        ------
        KeyError
            If one is not on the picture.
        """
        keys = dict.fromkeys(self._model.ids(tensors))
        others = [each for each in self.stopped if each not in keys]
        self.stopped = [*others, *keys] if on else others

    def unfold(self, *names: str) -> None:
        """Open groups of operations that are folded into one card; without names, all.

        Raises
        ------
        ValueError
            If there is no such card; the message lists those there are.
        """
        self.opened = with_opened(self.trace, self.opened, names or "all")

    def fold(self, *names: str) -> None:
        """Fold groups that were opened into their cards again; without names, all.

        Raises
        ------
        ValueError
            If one is not open; the message lists those that are.
        """
        for name in names:
            if name not in self.opened:
                raise ValueError(f"{name!r} is not open. Open are: {', '.join(self.opened)}")
        self.opened = [each for each in self.opened if names and each not in names]

    def seek(self, k: int) -> None:
        """Show the picture after `k` steps; negative numbers count from the end, −1 shows all.

        Raises
        ------
        IndexError
            If there are not so many steps.
        TypeError
            If it is not a whole number.
        """
        last = self.steps + 1
        k = operator.index(k)
        position = k + last + 1 if k < 0 else k
        if not 0 <= position <= last:
            raise IndexError(f"There are {self.steps} steps; there is no step {k}.")
        self.step = position

    def save(self, path: str | pathlib.Path) -> pathlib.Path:
        """Write what is shown to one offline file.

        Parameters
        ----------
        path
            `.html` keeps the steps: they can be walked through without a kernel. Any other
            ending is that of a picture; see `Drawing.save`.
        """
        path = pathlib.Path(path)
        if form_of(path) != ".html":
            return self.drawing.save(path)
        write_file(path, page_of(self._page_state()))
        return path

    def _page_state(self) -> dict[str, Any]:
        """The state that the page's module reads, with the words of every step."""
        kept = ("svg", "patch", "steps", "step", "panel", "summary", "code", "links", "stopped")
        seen, steps = self._display.seen, range(self.steps + 2)
        return {
            **{name: getattr(self, name) for name in kept},
            "title": title(self.trace),
            "panels": [panel(seen, k) for k in steps],
            "summaries": [step_description(seen, k) for k in steps],
        }

    def _repr_mimebundle_(self, **options: Any) -> Any:
        if is_static():
            return self.drawing._repr_mimebundle_()
        return super()._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        return explorer_repr(self.trace)

    # The one refresh ------------------------------------------------------------------------

    def _refresh(self, _change: Any = None) -> None:
        """Read the controls, compute one trace, send one patch."""
        before, message, wrong = self._display, "", ""
        try:
            self._compute()
        except Exception as error:
            # The learner sees it in the widget, in its own words, and the last good picture.
            message, wrong = error_line(error), getattr(error, "entry", "")
        k = self._display.step_like(self.step, before)
        with self.hold_sync():
            self._show(k)
            self.message, self.wrong = message, wrong
            self.answered += 1

    def _compute(self) -> None:
        """A new display for new controls; another step is on this one already."""
        inputs = self._model.read("input", self.inputs) | self._large["input"]
        seeds = self._model.read("seed", self.seeds) | self._large["seed"]
        large = [id(value) for arrays in self._large.values() for value in arrays.values()]
        state = (dict(self.inputs), dict(self.seeds), large, [*self.stopped], [*self.opened])
        if state == self._shown_state:
            return
        trace = self._model.trace(inputs, seeds, frozenset(self.stopped))
        scene = self._display.scene
        scene = scene if scene.opened == self.opened else FoldedScene(trace, self.opened)
        self._display, self._shown_state = scene.display(trace), state
        labels = [trace.node(y).label for y in trace.ys]
        self._code = code_line(trace, [seeds[label] for label in labels], self.stopped)

    def _show(self, k: int) -> None:
        display, scene = self._display, self._display.scene
        self.svg, self.links, self.groups = scene.svg, scene.links, scene.groups
        self.switches = display.switches(self.stopped)
        self.patch, self.steps, self.code = display.patch, display.steps, self._code
        self.panel, self.summary = panel(display.seen, k), step_description(display.seen, k)
        self.step = k


class Inputs(MutableMapping[Any, Any]):
    """The value of each input of an explorer, by tensor, variable or label."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer

    def __getitem__(self, key: Any) -> Any:
        explorer = self._explorer
        label = explorer._model.label_of("input", key)
        large = explorer._large["input"]
        if label in large:
            return large[label].copy()
        value = explorer._model.read("input", {label: explorer.inputs[label]})[label]
        return value if value.ndim else value[()]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._explorer._put("input", key, value)

    def __delitem__(self, key: Any) -> None:
        raise TypeError("An input cannot be taken away.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._explorer._model.inputs)

    def __len__(self) -> int:
        return len(self._explorer._model.inputs)

    def __repr__(self) -> str:
        return repr({label: self[label] for label in self})
