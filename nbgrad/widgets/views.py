"""What an explorer shows: a trace for the state of its controls, and the views of its graph.

A view is a graph laid out for a width, a layout and a set of opened groups. It depends on the graph
alone: the page finds its styles for any numbers by the rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any, TypeAlias, cast

import numpy as np

from nbgrad.picture.drawing import Drawing, LayoutName, check_opened
from nbgrad.picture.layouts import LAYOUTS, has_many_cards
from nbgrad.picture.layouts.overview import whole
from nbgrad.picture.output.svg import svg
from nbgrad.picture.scene import PATCH_NAMES, Rule, StyledScene
from nbgrad.picture.template import Template, asked_nodes, hidden_trace
from nbgrad.picture.words import equation
from nbgrad.trace.folding import Fold, Opened, folded, folds_of, plain_folds
from nbgrad.trace.model import FORMAT, Numbers, Trace
from nbgrad.trace.numbers import as_json, short
from nbgrad.trace.records import plain
from nbgrad.widgets.model import Model

Asks: TypeAlias = Mapping[str, Mapping[str, Any]] | None

#: The widths of a notebook's cell on a laptop, of half a window, and of a telephone.
WIDTHS = (878, 640, 360)
WIDE = WIDTHS[0]

#: A graph of more nodes, or with one that is read more often, is shown as an overview only.
MOST_WHOLE, MOST_READERS = 400, 40

#: A notebook has the layouts that may be asked for in it only where there are no more nodes.
FEW = 40


@dataclass(frozen=True, eq=False)
class ExplorerView:
    """A graph as it is laid out."""

    key: str  # the name by which the page finds it; `viewKey` in `static/shared_state.js`
    width: int
    layout: str
    opened: tuple[str, ...]
    template: Template
    svg: str  # the picture without its numbers
    groups: Sequence[Mapping[str, Any]]  # of operations, that can be opened and closed
    is_entered: bool = False  # whether it is an overview behind which there are cards to zoom to

    def to_dict(self) -> dict[str, Any]:
        """The view as the page has it; a rule without options ends before them."""
        template, scene = self.template, self.template.scene
        rules = ([*rule[:3], dict(rule.options)] for rule in template.rules)
        return {
            "key": self.key,
            "width": self.width,
            "layout": self.layout,
            "opened": [*self.opened],
            "svg": self.svg,
            "rules": [rule if rule[3] else rule[:3] for rule in rules],
            "folds": plain_folds(template.folds),
            "groups": [*self.groups],
            "overview": template.overview,
            "entered": self.is_entered,
            "size": [scene.width, scene.height],
        }


def key_of(width: int, layout: str, opened: Sequence[str]) -> str:
    names = json.dumps([*opened], separators=(",", ":"), ensure_ascii=False)
    return f"{width} {layout} {names}"


def explorer_title(trace: Trace) -> str:
    """The equation of each y, whose numbers will move."""
    return ", ".join(equation(trace.node(y), value=False) for y in trace.ys)


class Views:
    """The views of one graph that have been asked for, each laid out once."""

    def __init__(self) -> None:
        self._views: dict[str, ExplorerView] = {}
        self._templates: dict[str, Template] = {}
        self._folds: dict[str, Fold] = {}

    def find(self, trace: Trace, width: int, layout: str, opened: Sequence[str]) -> ExplorerView:
        """The view for a width, a layout and opened groups, laid out with any of its traces."""
        key = key_of(width, layout, opened)
        if key not in self._views:
            template = self._template(trace, width, layout, opened)
            seen, _ = folded(trace, template.folds)
            # The page paints the numbers; a description would be of those that there are now.
            scene = StyledScene(template.scene, {}, len(seen.steps), explorer_title(trace))
            is_large = layout == "whole" or template.overview  # the page zooms into it
            groups = [] if is_large else [*self._groups(trace, width, opened)]
            is_entered = bool(template.overview) and has_whole(trace)
            self._views[key] = ExplorerView(
                key, width, layout, tuple(opened), template, svg(scene), groups, is_entered
            )
        return self._views[key]

    def usual(self, trace: Trace, opened: Sequence[str], every: bool) -> list[ExplorerView]:
        """The views that a page without a kernel has; the first is the one it begins with.

        Of a large graph they take long. Unless every one is wanted, it has the first few.
        """
        found = [self.find(trace, width, "overlay", opened) for width in WIDTHS]
        if opened:
            found += [self.find(trace, width, "overlay", []) for width in WIDTHS]
        every = every or len(trace.nodes) <= FEW
        if every and not found[0].template.overview:
            for width in WIDTHS:
                names = self.with_opened(trace, [], "all", [width])
                found.append(self.find(trace, width, "overlay", names))
        if every:
            found += [self.find(trace, WIDE, name, opened) for name in ("mirror", "tape", "paths")]
            if found[0].is_entered:
                found.append(self.find(trace, WIDE, "whole", []))
        return found

    def _template(self, trace: Trace, width: int, layout: str, opened: Sequence[str]) -> Template:
        """What `draw` makes, folded as much as the width asks for."""
        key = key_of(width, layout, opened)
        if key not in self._templates:
            check_opened(trace, opened)
            layouts = {**LAYOUTS, "whole": lambda trace, *_: whole(trace)}
            self._templates[key] = layouts[layout](trace, width, tuple(opened))
        return self._templates[key]

    # Groups ---------------------------------------------------------------------------------

    def _closed(self, trace: Trace, width: int, opened: Sequence[str]) -> dict[str, Fold]:
        """The folds that show as a card, by the name to open them by; chains do in narrow views."""
        # The groups of an overview are no folds; they open by the names that folds would have.
        folds = folds_of(trace, opened)
        if not has_many_cards(trace, opened):
            template = self._template(trace, width, "overlay", opened)
            folds = folds if template.overview else template.folds
        hidden = {key for stage in folds for fold in stage for key in fold.members - {fold.exit}}
        # Of a folded scope at the end of a folded chain, the card is the chain's.
        last = {fold.exit: fold for stage in folds for fold in stage if fold.exit not in hidden}
        closed = {fold.name or trace.node(key).label: fold for key, fold in last.items()}
        self._folds = closed | self._folds
        return closed

    def _groups(self, trace: Trace, width: int, opened: Sequence[str]) -> Iterator[dict[str, Any]]:
        """The open groups and the closed ones, in the order in which they are computed."""
        closed = self._closed(trace, width, opened)
        open_ = {}
        for name in opened:
            fold = self._folds.get(name)
            if fold is None or not fold.name:  # a chain is none where there is room for it
                others = [each for each in opened if each != name]
                fold = self._closed(trace, width, others).get(name)
            if fold is not None:
                open_[name] = fold
        order = {node.id: place for place, node in enumerate(trace.nodes)}
        for name, fold in sorted((open_ | closed).items(), key=lambda pair: order[pair[1].exit]):
            yield {
                "name": name,
                "words": f"{name} · {fold.operations} operations",
                "open": name in opened,
                "exit": fold.exit,
                "members": sorted(fold.members),
            }

    def with_opened(
        self, trace: Trace, opened: Sequence[str], names: Opened, widths: Sequence[int] = WIDTHS
    ) -> list[str]:
        """The names of the open groups when these are opened too, one after the other.

        They are groups at any of the widths: in a narrow view there are more.
        """
        together = [] if names == "all" else [*opened]
        if names == "all":
            for width in widths:
                while more := [*self._closed(trace, width, together)]:  # groups inside groups
                    together += more
                    if has_many_cards(trace, together):
                        return together  # the outer ones: an overview closes others again
            return together
        for name in [names] if isinstance(names, str) else names:
            found = (self._closed(trace, width, together) for width in widths)
            closed = dict.fromkeys(chain.from_iterable(found))
            if name not in closed and name not in together:
                known = ", ".join(map(repr, closed)) or "none"
                raise ValueError(f"There is no folded group {name!r}. Folded are: {known}")
            together += [name] * (name in closed)
        return together


def shows_adjoint(rule: Rule) -> bool:
    """Whether a rule shows an adjoint as a number or a map; `showsAdjoint` in `withhold.js`."""
    if rule.form in ("map", "block number"):
        return rule.options.get("lane") == "adjoint"
    return rule.form in ("adjoint", "path sum")


def has_whole(trace: Trace) -> bool:
    """Whether a graph is small enough to be laid out with all of its cards."""
    readers = max((len(trace.outgoing(node)) for node in trace.nodes), default=0)
    return len(trace.nodes) <= MOST_WHOLE and readers <= MOST_READERS


# What is shown ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Shown:
    """The state of the controls: arrays by label, stops, and how they are laid out.

    The trace, and how it is seen in the wide view, are found when somebody asks for them.
    """

    model: Model
    views: Views
    inputs: Mapping[str, np.ndarray]
    seeds: Mapping[str, np.ndarray]
    stopped: tuple[str, ...]
    opened: tuple[str, ...] = ()
    layout: str = "overlay"

    @property
    def structure(self) -> tuple[tuple[str, ...], str]:
        """What the view depends on."""
        return self.opened, self.layout

    @cached_property
    def trace(self) -> Trace:
        """The trace, with everything that is folded."""
        return self.model.trace(self.inputs, self.seeds, frozenset(self.stopped))

    @cached_property
    def view(self) -> ExplorerView:
        """The view of a wide page."""
        return self.views.find(self.trace, WIDE, self.layout, self.opened)

    @property
    def steps(self) -> int:
        """The number of steps of both passes; the step after the last shows all."""
        return len(self.trace.steps)

    def step_like(self, k: int, before: Shown) -> int:
        """The step that shows as much as step `k` of what was before; all stays all."""
        return self.steps + 1 if k > before.steps else min(max(k, 0), self.steps + 1)

    def drawing(self, k: int, asks: Asks, *, still: bool = False) -> Drawing:
        """The picture after `k` steps: as `draw` makes it, or still, as the page shows it.

        Where adjoints are hidden, `asks` has the answers to them; those that were right show.
        """
        opened, layout = [*self.opened], cast(LayoutName, self.layout)
        if still:
            drawing = Drawing(self.trace, self.view.template)
        else:
            drawing = Drawing.of(self.trace, layout=layout, open=opened)
        if asks is not None:
            drawing = replace(drawing.asking(), hidden=self._hidden(asks))
        return drawing.at(k) if k <= self.steps else drawing

    def known(self, asks: Asks) -> Trace:
        """The trace without the adjoints that are still to be found."""
        return self.trace if asks is None else hidden_trace(self.trace, self._hidden(asks))

    def _hidden(self, asks: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
        """What is still to be found: nothing, once all that the view has a field for is."""
        found = {label for label, answer in asks.items() if answer.get("right")}
        asked = asked_nodes(self.trace)
        hidden = tuple(key for key in asked if self.trace.node(key).label not in found)
        shown = {rule.of for rule in self.view.template.rules if shows_adjoint(rule)}
        asks_some, is_left = not shown.isdisjoint(asked), not shown.isdisjoint(hidden)
        return hidden if is_left or not asks_some else ()


# Answers -----------------------------------------------------------------------------------------

#: An array of more elements is told by its shape: no sentence and no card lists them.
MOST_ELEMENTS = 1000


def answer_of(trace: Trace, views: Iterable[ExplorerView]) -> dict[str, Any]:
    """What Python has computed for pages that cannot: a trace, and each view's styles for it."""
    return {
        "trace": {"format": FORMAT, **plain(trace, light)},
        "views": {view.key: styles_of(trace, view) for view in views},
    }


def styles_of(trace: Trace, view: ExplorerView) -> dict[str, Any]:
    """A trace as it is folded in a view, its clock, and the styles of its scene."""
    seen, clock = folded(trace, view.template.folds)
    styles = view.template.styled(trace).styles.items()
    return {
        "seen": {"format": FORMAT, **plain(seen, light)},
        "clock": [*clock],
        "styles": {key: dict(zip(PATCH_NAMES, style, strict=True)) for key, style in styles},
    }


def light(numbers: Numbers) -> dict[str, Any]:
    """Numbers as `to_dict` writes them, but for the elements of large arrays.

    Complex numbers and texts are as a card shows them: the page has no arrays of them.
    """
    listed = numbers.array.ravel().tolist() if numbers.array.size <= MOST_ELEMENTS else []
    write = as_json if numbers.array.dtype.kind in "biuf" else short
    return {"dtype": numbers.dtype, "shape": [*numbers.shape], "elements": [*map(write, listed)]}
