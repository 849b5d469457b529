"""An explorer's inputs as a dictionary that can be written to: `explorer.value[x] = 2.0`."""

from __future__ import annotations

import operator
import pathlib
from collections.abc import Iterator, MutableMapping
from typing import Any

import anywidget
import traitlets

from nbgrad.core.session import Session
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.output.svg import css
from nbgrad.picture.result import form_of
from nbgrad.trace.folding import Opened
from nbgrad.trace.model import Trace
from nbgrad.widgets.controls import Kind, as_entries
from nbgrad.widgets.model import Question, Stage
from nbgrad.widgets.page import is_static, page_of
from nbgrad.widgets.words import code_line, complaint, in_a_line, panel, summary, with_opened


class Inputs(MutableMapping[Any, Any]):
    """The value of each input, by tensor, variable or label."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer

    def __getitem__(self, key: Any) -> Any:
        question = self._explorer.question
        label = question.movable(key, "input")
        value = question.read("input", self._explorer.inputs)[label]
        return value if value.ndim else value[()]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._explorer.put("input", key, value)

    def __delitem__(self, key: Any) -> None:
        raise TypeError("An input cannot be taken away.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._explorer.inputs)

    def __len__(self) -> int:
        return len(self._explorer.inputs)

    def __repr__(self) -> str:
        return repr({label: self[label] for label in self})


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


class Explorer(SharedState):
    """A live picture: change an input, a weight or a stop, and every adjoint follows.

    The controls are the state. Each is a trait, so that `observe` and `jslink` work, and has
    a method to set it by. `nbgrad.explore` makes an explorer.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients, feed_dict, session, open
        As for `nbgrad.explore`.

    Attributes
    ----------
    inputs, weights, stopped, opened, step, message, wrong
        See `nbgrad.widgets.shared_state.SharedState`.
    question
        What is asked, with other numbers each time.
    screen
        The answer: a trace, as it is folded, and its picture.
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
        self.question = question = Question(ys, xs, grad_ys, feed_dict, session)
        stopped = question.ids(stop_gradients or [])
        trace = question.trace(question.inputs, question.weights, frozenset(stopped))
        opened = with_opened(trace, [], open)
        self.screen = Stage(trace, opened).show(trace)
        self._asked: Any = None
        super().__init__(
            inputs={label: as_entries(value) for label, value in question.inputs.items()},
            weights={label: as_entries(value) for label, value in question.weights.items()},
            fields=[*question.fields("input"), *question.fields("weight")],
            stopped=stopped,
            opened=opened,
            step=self.screen.steps + 1,
        )
        self._refresh()
        self.observe(self._refresh, ["inputs", "weights", "stopped", "opened", "step"])

    # The same acts from Python --------------------------------------------------------------

    @property
    def trace(self) -> Trace:
        """What is on the screen, as data; with everything that is folded."""
        return self.screen.trace

    @property
    def drawing(self) -> Drawing:
        """What is on the screen, as a picture that can be saved."""
        drawing = Drawing.of(self.trace, open=self.opened)
        return drawing.at(self.screen.clock[self.step]) if self.step <= self.steps else drawing

    @property
    def value(self) -> Inputs:
        """The inputs, by tensor, variable or label: `explorer.value[x] = 2.0`."""
        return Inputs(self)

    def put(self, kind: Kind, key: Any, value: Any) -> None:
        """Set an input or a weight; what is wrong is refused before anything changes."""
        label, array = self.question.checked(key, kind, value)
        trait = f"{kind}s"
        setattr(self, trait, {**getattr(self, trait), label: as_entries(array)})

    def seed(self, y: Any, weight: Any) -> None:
        """Give a y its weight, an element of grad_ys.

        Raises
        ------
        KeyError
            If it is not one of the ys; the message lists them.
        ValueError
            If the weight is not a number, or not of y's shape.
        """
        self.put("weight", y, weight)

    def stop(self, tensors: Any, on: bool = True) -> None:
        """Put one or several tensors into stop_gradients, or with `on=False` take them out.

        Raises
        ------
        KeyError
            If one is not on the picture.
        """
        keys = dict.fromkeys(self.question.ids(tensors))
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
        """Write what is on the screen to one offline file.

        Parameters
        ----------
        path
            `.html` keeps the steps: they can be walked through without a kernel. Any other
            ending is that of a picture; see `Drawing.save`.
        """
        path = pathlib.Path(path)
        if form_of(path) != ".html":
            return self.drawing.save(path)
        path.write_text(page_of(self), encoding="utf-8")
        return path

    def _repr_mimebundle_(self, **options: Any) -> Any:
        if is_static():
            return self.drawing._repr_mimebundle_()
        return super()._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        return in_a_line(self.trace)

    # The one refresh ------------------------------------------------------------------------

    def _refresh(self, _change: Any = None) -> None:
        """Read the controls, compute one trace, send one patch."""
        before, message, wrong = self.screen, "", ""
        try:
            self._ask()
        except Exception as error:
            # The learner sees it in the widget, in its own words, and the last good picture.
            message, wrong = complaint(error), getattr(error, "entry", "")
        k = self.screen.step_like(self.step, before)
        with self.hold_sync():
            self._show(k)
            self.message, self.wrong = message, wrong
            self.answered += 1

    def _ask(self) -> None:
        """A new screen for new controls; a step is on the screen already."""
        asked = (dict(self.inputs), dict(self.weights), list(self.stopped), list(self.opened))
        if asked == self._asked:
            return
        inputs = self.question.read("input", self.inputs)
        weights = self.question.read("weight", self.weights)
        trace = self.question.trace(inputs, weights, frozenset(self.stopped))
        stage = self.screen.stage
        stage = stage if stage.opened == self.opened else Stage(trace, self.opened)
        self.screen, self._asked = stage.show(trace), asked
        self._code = code_line(trace, list(weights.values()), self.stopped)

    def _show(self, k: int) -> None:
        screen = self.screen
        self.svg, self.links, self.groups = (
            screen.stage.svg,
            screen.stage.links,
            screen.stage.groups,
        )
        self.switches = screen.switches(self.stopped)
        self.patch, self.steps, self.code = screen.patch, screen.steps, self._code
        self.panel, self.summary = panel(screen.seen, k), summary(screen.seen, k)
        self.step = k
