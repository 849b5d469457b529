"""The explorer: a live picture in a notebook, whose controls are traits.

The page has the question as a program, from which it computes and paints everything; only what
somebody moved comes here. What is asked for from Python is computed then, from the same state.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import anywidget
import traitlets
from IPython import get_ipython
from IPython.display import display

from nbgrad.core.notebook import is_static
from nbgrad.picture.drawing import Drawing, check_opened
from nbgrad.picture.layouts import LAYOUTS
from nbgrad.picture.output.svg import Form, svg
from nbgrad.picture.result import check_choice, form_of, one_line_repr, write_file
from nbgrad.picture.words import headline
from nbgrad.trace.folding import Opened
from nbgrad.trace.model import Numbers, Trace
from nbgrad.widgets.bundle import bundle, page_of, part_of_page
from nbgrad.widgets.code_line import CodeCall, CodeWriter, code_line, namespace
from nbgrad.widgets.entries import Kind, entries_of
from nbgrad.widgets.model import Model
from nbgrad.widgets.views import (
    Asks,
    ExplorerView,
    Shown,
    Views,
    answer_of,
    explorer_title,
)

WIDGET = "application/vnd.jupyter.widget-view+json"
#: How a page of its own has its still picture, which the live one replaces at once.
SMALL = Form("light", alone=True, named=False)

#: So many views stay in the page; others are sent again when they are wanted.
VIEWS_KEPT = 12

#: Of so many pages that show one explorer, each has the styles of the view that it wants.
PAGES_KEPT = 4

#: The traits that are the state; what is shown follows from them.
CONTROLS = ("inputs", "seeds", "stopped", "opened", "layout_name")


class Explorer(anywidget.AnyWidget):
    """A live picture: change an input, a seed or a stop, and every adjoint follows.

    The controls are the state. Each is a trait, so that `observe` and `jslink` work, and has a
    method to set it by. `nbgrad.explore` makes an explorer.
    """

    # What it has in common with its page; `static/shared_state.js` has the other side.

    @property
    def _esm(self) -> str:
        # As a text: for a path, anywidget starts a watcher that keeps every widget alive.
        return bundle().widget

    #: The name by which its pages find it: its `model_id`.
    name = traitlets.Unicode().tag(sync=True)
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

    def __init__(self, model: Model, stop_gradients: Any, open: Opened, hide: str) -> None:
        self._model = model
        self._views, self._from_page, self._variables = Views(), False, namespace()
        stopped = tuple(model.ids(stop_gradients or []))
        shown = Shown(model, self._views, model.inputs, model.seeds, stopped)
        if open:
            opened = self._views.with_opened(shown.trace, [], open)
            shown = replace(shown, opened=(*opened,))
        self._shown = shown
        program, self._note = model.program()
        self._wanted = {"": shown.view}  # by page; one that finds what it wants has no name
        name = uuid4().hex
        super().__init__(
            model_id=name,
            name=name,
            inputs=entries_of(model.inputs, "input"),
            seeds=entries_of(model.seeds, "seed"),
            stopped=[*stopped],
            opened=[*shown.opened],
            step=shown.steps + 1,
            hidden=hide,
            message=self._note,
            program=program,
            views={shown.view.key: shown.view.to_dict()},
            answer=None if program else answer_of(shown.trace, [shown.view]),
            call=self._call().to_dict(),
        )
        self.observe(self._follow, CONTROLS)
        self.observe(self._follow_step, "step")
        self.on_msg(Explorer._receive)

    # The same acts from Python --------------------------------------------------------------

    @property
    def trace(self) -> Trace:
        """The trace that is shown; with everything that is folded."""
        return self._shown.trace

    @property
    def steps(self) -> int:
        """The number of steps of both passes; what is folded takes several at once."""
        return self._shown.steps

    @property
    def drawing(self) -> Drawing:
        """The picture that is shown, to be saved."""
        return self._shown.drawing(self.step, self._asks)

    @property
    def _asks(self) -> Asks:
        return self.answers if self.hidden else None

    @property
    def code(self) -> str:
        """The call that gives the adjoints that are shown, and its result, `?` of what is asked."""
        shown = self._shown
        return code_line(self._call(), shown.known(self._asks), shown.stopped)

    def _call(self) -> CodeCall:
        """The call of the code line, but for the numbers of this run."""
        writer = CodeWriter(self._model, self._variables, self)
        return writer.call(self._shown.inputs, self._shown.seeds)

    @property
    def value(self) -> Inputs:
        """The inputs, by tensor, variable or label: `explorer.value[x] = 2.0`."""
        return Inputs(self)

    def _put(self, kind: Kind, key: Any, value: Any) -> None:
        """Set an input or a seed; what is wrong is refused before anything changes."""
        label, array = self._model.checked(kind, key, value)
        shared, before = f"{kind}s", self._shown
        if entries := entries_of({label: array}, kind):
            setattr(self, shared, {**getattr(self, shared), **entries})
            return
        changed: dict[str, Any] = {shared: {**getattr(before, shared), label: array}}
        self._shown = replace(before, **changed)
        name = label if kind == "input" else f"seed of {label}"
        with self.hold_sync():
            setattr(self, shared, {k: v for k, v in getattr(self, shared).items() if k != label})
            self.arrays = {**self.arrays, name: Numbers(array).to_dict()}
            self.call = self._call().to_dict()
            self._send_what_follows(before)

    def seed(self, y: Any, seed: Any) -> None:
        """Give a y its seed, an element of grad_ys: a number, or an array of y's shape."""
        self._put("seed", y, seed)

    def stop(self, tensors: Any, on: bool = True) -> None:
        """Put one or several tensors into stop_gradients, or with `on=False` take them out."""
        keys = dict.fromkeys(self._model.ids(tensors))
        others = [each for each in self.stopped if each not in keys]
        self.stopped = [*others, *keys] if on else others

    def unfold(self, *names: str) -> None:
        """Open groups of operations that are folded into one card; without names, all."""
        self.opened = self._views.with_opened(self.trace, self.opened, names or "all")

    def fold(self, *names: str) -> None:
        """Fold groups that were opened into their cards again; without names, all."""
        for name in names:
            if name not in self.opened:
                raise ValueError(f"{name!r} is not open. Open are: {', '.join(self.opened)}")
        self.opened = [each for each in self.opened if names and each not in names]

    def seek(self, k: int) -> None:
        """Show the picture after `k` steps; negative numbers count from the end, −1 shows all."""
        position = operator.index(k) + (self.steps + 2 if k < 0 else 0)
        if not 0 <= position <= self.steps + 1:
            raise IndexError(f"There are {self.steps} steps; there is no step {k}.")
        self.step = position

    # Where it goes --------------------------------------------------------------------------

    def save(self, path: str | Path) -> Path:
        """Write what is shown to one offline file.

        An `.html` stays alive without a kernel; any other ending is that of a picture, as for
        `Drawing.save`.
        """
        path = Path(path)
        if form_of(path) != ".html":
            return self.drawing.save(path)
        drawing = self._shown.drawing(self.step, self._asks, still=True)
        still = svg(drawing.styled, k=drawing.k, form=SMALL)
        write_file(path, page_of(self._page_state(every=True), still, explorer_title(self.trace)))
        return path

    def _page_state(self, every: bool) -> dict[str, Any]:
        """The traits, with the views that a page needs where nobody lays out others."""
        names = [*CONTROLS, "arrays", "step", "hidden", "answers", "message", "wrong"]
        state = {name: getattr(self, name) for name in (*names, "program", "answer", "call")}
        views = [self._shown.view]
        if self.program:
            views += self._views.usual(self.trace, self._shown.opened, every)
        return {**state, "views": {view.key: view.to_dict() for view in views}}

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:  # type: ignore[override]
        if is_static():
            return self.drawing._repr_mimebundle_()
        still = self._shown.drawing(self.step, self._asks, still=True).html
        html = part_of_page(self._page_state(every=False), still, explorer=self.name)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {WIDGET: view, "text/html": html, "text/plain": repr(self)}

    def _ipython_display_(self, **options: Any) -> None:
        """Show the page alone, which finds the widget: a view of it is an error without a kernel.

        Where no widget is made before a view of it is shown, the notebook has a choice.
        """
        shown = self._repr_mimebundle_()
        if not is_widget_made_late():
            shown.pop(WIDGET, None)
        display(shown, raw=True)

    def __repr__(self) -> str:
        words = explorer_title(self.trace) if self.hidden else headline(self.trace)
        numbers = one_line_repr("Explorer", words).removesuffix(">")
        return f'{numbers}: alive in Jupyter, elsewhere .save("x.html")>'

    # What changes ---------------------------------------------------------------------------

    def set_state(self, sync_data: Any) -> None:
        """Take what the page has changed; the page knows what follows from it."""
        self._from_page = True
        try:
            super().set_state(sync_data)
        finally:
            self._from_page = False

    def _follow(self, _change: Any = None) -> None:
        """Read the controls; what is wrong is said in the widget, and counts as it was."""
        before = self._shown
        self._shown, problems = self._read(before)
        try:
            self._send_what_follows(before)
        except Exception as error:
            self._shown = before
            problems.append(error)
        self._tell(problems)

    def _read(self, last: Shown) -> tuple[Shown, list[Exception]]:
        """The state of the controls, and what is wrong with them."""
        problems: list[Exception] = []
        inputs = self._model.read("input", self.inputs, last.inputs, problems)
        seeds = self._model.read("seed", self.seeds, last.seeds, problems)
        stopped = (*self.stopped,)
        if unknown := [key for key in stopped if key not in self._model.tensors]:
            words = f"{unknown[0]!r} is no node's id; stop(…) takes tensors and labels."
            problems.append(KeyError(words))
            stopped = last.stopped
        opened, layout = (*self.opened,), self.layout_name
        if not self._from_page and (opened, layout) != last.structure:
            try:
                check_choice("layout", layout, LAYOUTS)
                check_opened(last.trace, opened)
            except ValueError as error:
                problems.append(error)
                opened, layout = last.structure
        shown = Shown(self._model, self._views, inputs, seeds, stopped, opened, layout)
        return shown, problems

    def _send_what_follows(self, before: Shown) -> None:
        """What the page cannot know: a step and a view for what Python changed, and answers."""
        shown = self._shown
        is_other = shown.structure != before.structure
        with self.hold_sync():
            if not self._from_page and (is_other or self.stopped != [*before.stopped]):
                self.step = shown.step_like(self.step, before)
                self._add(shown.view)
            if self.program is None:
                for page, view in [*self._wanted.items()]:
                    layout = shown.layout if is_other else view.layout
                    self._lay_out(page, view.width, layout, shown.opened)
                self._answer()

    def _lay_out(self, page: str, width: int, layout: str, opened: Sequence[str]) -> None:
        """Lay out a view for a page; of pages that are no longer there the last few are kept."""
        view = self._views.find(self.trace, width, layout, opened)
        others = [each for each in self._wanted.items() if each[0] != page]
        self._wanted = dict([*others[1 - PAGES_KEPT :], (page, view)])
        self._add(view)

    def _answer(self) -> None:
        """Where no page has a program, compute the numbers of all of them."""
        if self.program is None:
            self.answer = answer_of(self.trace, dict.fromkeys(self._wanted.values()))

    def _add(self, view: ExplorerView) -> None:
        if view.key not in self.views:
            first, *others = self.views.items()
            kept = [first, *others[2 - VIEWS_KEPT :]]
            self.views = {**dict(kept), view.key: view.to_dict()}

    def _tell(self, problems: Sequence[Exception]) -> None:
        """Say the first problem, and which entry it is."""
        error = problems[0] if problems else None
        # str() of a KeyError is a repr, with quotation marks around the sentence.
        words = error.args[0] if isinstance(error, KeyError) and error.args else error
        with self.hold_sync():
            self.wrong = getattr(error, "entry", "")
            name = "" if self.wrong else f"{type(error).__name__}: "
            self.message = f"{name}{words}" if error else self._note

    def _follow_step(self, _change: Any) -> None:
        if not self._from_page:
            self.step = min(max(self.step, 0), self.steps + 1)

    def _receive(self, content: Any, _buffers: Any) -> None:
        """A message of the page: it wants a view that it has not."""
        if want := content.get("want"):
            try:
                with self.hold_sync():
                    page = want.get("page", "")
                    self._lay_out(page, int(want["width"]), want["layout"], want["opened"])
                    self._answer()
            except Exception as error:
                self._tell([error])


def is_widget_made_late() -> bool:
    """Whether the notebook is one of Colab's or of VS Code's."""
    variables = getattr(get_ipython(), "user_ns", {})
    return "google.colab" in sys.modules or "__vsc_ipynb_file__" in variables


class Inputs(MutableMapping[Any, Any]):
    """The value of each input of an explorer, by tensor, variable or label."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer

    def __getitem__(self, key: Any) -> Any:
        explorer = self._explorer
        label = explorer._model.label_of("input", key)
        value = explorer._shown.inputs[label]
        return value.copy() if value.ndim else value[()]

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
