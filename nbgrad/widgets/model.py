"""The question an explorer asks again and again: ys with respect to xs, from new numbers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nbgrad.core import shapes
from nbgrad.core.endpoints import as_list
from nbgrad.core.errors import advise
from nbgrad.core.feeds import fed_array, feeds_of
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import Effect
from nbgrad.core.session import Session, get_default_session
from nbgrad.picture.drawing import Drawing, check_opened
from nbgrad.picture.scene import difference
from nbgrad.trace.arguments import check_seeds, default_xs, tensors_of_ys
from nbgrad.trace.folding import folded, folds_of
from nbgrad.trace.model import Trace
from nbgrad.trace.record import Recorder
from nbgrad.trace.tensors import is_movable, itself
from nbgrad.widgets.controls import MOST_CELLS, Kind, field_for, from_entries
from nbgrad.widgets.words import groups

#: What a placeholder starts with that is not fed.
UNFED = 1.0


class Question:
    """One set of ys and xs, whose inputs, weights and stops may change.

    A reverse pass is built once for each set of stops, and weights are fed: whatever a learner
    moves, the graph stays as it was.

    Parameters
    ----------
    ys, xs, grad_ys, feed_dict, session
        As for `nbgrad.explore`.

    Attributes
    ----------
    inputs, weights
        For the label of each input and of each y, the array that it starts with.
    """

    def __init__(
        self, ys: Any, xs: Any, grad_ys: Any, feed_dict: Any, session: Session | None
    ) -> None:
        self._ys = explorable(tensors_of_ys(ys))
        check_seeds(self._ys, grad_ys)
        self._graph = graph = self._ys[0].graph
        self._xs = default_xs(self._ys) if xs is None else as_list(xs)
        with graph.scratch():
            self._dials = [
                graph.apply("Placeholder", dtype=y.dtype, shape=y.static_shape) for y in self._ys
            ]
        first = Recorder(self._ys, self._xs, self._dials)
        self._recorders = {frozenset[str](): first}
        self._tensors = {first.ids[tensor]: tensor for tensor in first.nodes}
        self._labels = {tensor: label.text for tensor, label in first.labels.items()}
        self._ids = first.ids
        session = session or get_default_session()
        self._held_still = held_by(first, feed_dict, session)
        given = [t for t in first.nodes if is_movable(t) or (t in first.xs and not t.op.inputs)]
        # A complex number or a text has no slider: it stays as it is fed.
        moved = [t for t in given if is_real(t)]
        self._held_still |= {t: self._standing(t) for t in given if t not in moved}
        self._movable = {self._labels[tensor]: tensor for tensor in moved}
        self.inputs = {label: self._standing(t) for label, t in self._movable.items()}
        self.weights = self._starting_weights(grad_ys, feed_dict, session)

    def _standing(self, tensor: Tensor) -> np.ndarray:
        """The value that an input starts with."""
        if tensor in self._held_still:
            return np.asarray(self._held_still[tensor])
        if tensor.op.effect is Effect.CONSTANT:
            return np.asarray(tensor.op.attributes["value"])
        shape = [1 if size is None else size for size in tensor.static_shape or ()]
        return np.full(shape, UNFED, dtype=tensor.dtype.as_numpy_dtype)

    def _starting_weights(
        self, grad_ys: Any, feed_dict: Any, session: Session | None
    ) -> dict[str, np.ndarray]:
        """The weights given, or ones; a weight that is a tensor has the value it has now."""
        asked = Recorder(self._ys, self._xs, grad_ys)
        feeds = {**held_by(asked, feed_dict, session), **self._feeds(self.inputs)}
        values = asked.values_of([*self._ys, *asked.sweep.seeds], feeds)
        pairs = zip(self._ys, values, values[len(self._ys) :], strict=False)
        return {self.label(y): as_weight(y, weight, np.shape(value)) for y, value, weight in pairs}

    # Names ----------------------------------------------------------------------------------

    def label(self, key: Any) -> str:
        """The label of a tensor, a variable, or a label.

        Raises
        ------
        KeyError
            If it is not on the picture; the message lists what is.
        """
        if isinstance(key, str):
            if key in self._labels.values():
                return key
        elif isinstance(key, Operand):
            tensor = itself(as_tensor(key, self._graph))
            if tensor in self._labels:
                return self._labels[tensor]
        raise KeyError(f"{key!r} is not on this picture. It shows: {listed(self._labels.values())}")

    def movable(self, key: Any, kind: Kind) -> str:
        """The label of an input, or of one of the ys.

        Raises
        ------
        KeyError
            If it is something else; the message lists what there is.
        """
        label = self.label(key)
        if kind == "input" and label not in self.inputs:
            raise KeyError(f"{label!r} cannot be moved. Inputs are: {listed(self.inputs)}")
        if kind == "weight" and label not in self.weights:
            raise KeyError(f"{label!r} is not one of the ys. They are: {listed(self.weights)}")
        return label

    def ids(self, keys: Any) -> list[str]:
        """The node ids of tensors, variables or labels, of one or of several."""
        of_label = {label: self._ids[tensor] for tensor, label in self._labels.items()}
        return [of_label[self.label(key)] for key in as_list(keys)]

    def tensor(self, label: str, kind: Kind) -> Tensor:
        """The input, or the y, of this label."""
        return self._movable[label] if kind == "input" else self._y(label)

    def _y(self, label: str) -> Tensor:
        return next(y for y in self._ys if self.label(y) == label)

    def checked(self, key: Any, kind: Kind, value: Any) -> tuple[str, np.ndarray]:
        """A label, and a value for it.

        Raises
        ------
        KeyError
            If there is no such input, or no such y.
        ValueError, TypeError
            If the value is not a number, or not of the right shape.
        """
        label = self.movable(key, kind)
        tensor = self.tensor(label, kind)
        start = self.inputs[label] if kind == "input" else self.weights[label]
        array = as_weight(tensor, value, start.shape) if kind == "weight" else fed(tensor, value)
        if array.shape != start.shape:
            was, now = shapes.show(start.shape), shapes.show(array.shape)
            raise ValueError(
                f"An explorer keeps the shapes it began with: {label} {was}, not {now}"
            )
        return label, array

    def fields(self, kind: Kind) -> list[dict[str, Any]]:
        """The fields of all inputs, or of all weights, that have few enough cells."""
        start = self.inputs if kind == "input" else self.weights
        return [
            field_for(label, kind, self.tensor(label, kind).dtype, value).to_dict()
            for label, value in start.items()
            if value.size <= MOST_CELLS
        ]

    # Answers --------------------------------------------------------------------------------

    def read(self, kind: Kind, entries: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """What the fields hold, as arrays.

        Raises
        ------
        EntryError
            If an entry is no number; it names the field and the cell.
        """
        start = self.inputs if kind == "input" else self.weights
        arrays = {}
        for label, value in start.items():
            name = label if kind == "input" else f"weight of {label}"
            dtype = self.tensor(label, kind).dtype
            arrays[label] = from_entries(name, entries.get(label, ()), dtype, value.shape)
        return arrays

    def trace(
        self,
        inputs: Mapping[str, np.ndarray],
        weights: Mapping[str, np.ndarray],
        stopped: frozenset[str],
    ) -> Trace:
        """The trace for these numbers under these stops."""
        unknown = [key for key in stopped if key not in self._tensors]
        if unknown:
            raise KeyError(f"{unknown[0]!r} is no node's id; stop(…) takes tensors and labels.")
        if stopped not in self._recorders:
            stops = [self._tensors[key] for key in sorted(stopped)]
            self._recorders[stopped] = Recorder(
                self._ys, self._xs, self._dials, stops, self._held_still
            )
        dials = dict(zip(self._dials, weights.values(), strict=True))
        return self._recorders[stopped].record({**self._feeds(inputs), **dials})

    def _feeds(self, inputs: Mapping[str, np.ndarray]) -> dict[Tensor, Any]:
        moved = {self._movable[label]: value for label, value in inputs.items()}
        return {**self._held_still, **moved}


def listed(labels: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(labels))


def explorable(ys: list[Tensor]) -> list[Tensor]:
    """Ys each of which can have a dial.

    Raises
    ------
    TypeError
        If one is complex: a dial holds a real number.
    ValueError
        If one is listed twice: it has one seed, and so one dial.
    """
    for y in ys:
        if y.dtype.is_complex:
            raise TypeError(
                advise(
                    f"A dial cannot weigh {y}, which is complex.",
                    y.op,
                    "Explore its real part, or draw it: tf.draw takes complex grad_ys.",
                )
            )
        if ys.count(y) > 1:
            raise ValueError(
                advise(f"{y} is listed twice in ys.", y.op, "Give it twice the weight.")
            )
    return ys


def held_by(recorder: Recorder, feed_dict: Any, session: Session | None) -> dict[Tensor, Any]:
    """What every tensor that is given, not computed, starts with."""
    given = feeds_of(feed_dict, recorder.graph)
    held = dict(recorder.held_still(given))
    known = [t for t in held if session and t.op.is_variable and session.holds(t)]
    if session and known:
        held.update(zip(known, session.run(known), strict=True))
    return {**held, **given}


def as_weight(y: Tensor, weight: Any, shape: tuple[int, ...]) -> np.ndarray:
    """A weight for each element of y; a single number weighs them all."""
    if weight is not None and not isinstance(weight, Operand | str):
        with suppress(ValueError):  # which `fed` raises in TensorFlow's words
            weight = np.broadcast_to(weight, shape)
    return fed(y, weight)


def fed(tensor: Tensor, value: Any) -> np.ndarray:
    """A value for a tensor, as an array of its dtype."""
    if value is None:  # NumPy would take it for NaN
        raise ValueError(f"None is no value for Tensor '{tensor.name}'.")
    with np.errstate(over="ignore"):  # 1e39 is ∞ in float32, and the picture says so
        array = fed_array(tensor, value)
    if not tensor.dtype.is_floating and not np.array_equal(array, value):
        raise ValueError(f"{value} is not a whole number, and Tensor '{tensor.name}' is.")
    return array


def is_real(tensor: Tensor) -> bool:
    dtype = tensor.dtype
    return dtype.is_floating or dtype.is_integer or dtype.is_bool


class Stage:
    """The places of all that is shown while no group is opened or closed.

    Parameters
    ----------
    trace
        Any trace of the graph.
    opened
        The names of the groups that are not folded. One inside a closed group waits until that
        is opened.

    Attributes
    ----------
    painted
        The picture that the page is given; `Screen.patch` leads from it to any other.
    svg, links, groups
        For the page: the painted picture, its edges, and the groups to open and close.
    """

    def __init__(self, trace: Trace, opened: Sequence[str]) -> None:
        check_opened(trace, opened)
        self.opened = [*opened]
        self.folds = folds_of(trace, opened)
        seen, _ = folded(trace, self.folds)
        self.painted = Drawing.of(seen, open="all")
        self.svg = self.painted.svg()
        self.links = [[edge.id, edge.source, edge.target] for edge in seen.edges]
        self.groups = [*groups(trace, opened)]

    def show(self, trace: Trace) -> Screen:
        """The screen with the numbers of this trace."""
        seen, clock = folded(trace, self.folds)
        return Screen(self, trace, seen, clock, self.painted.repainted(seen))


@dataclass(frozen=True, eq=False)
class Screen:
    """The numbers on a stage.

    Attributes
    ----------
    stage
        Where they are.
    trace, seen
        What was recorded, and the same as it is folded.
    clock
        After how many steps of `trace` each of `seen` has happened.
    drawing
        The picture of `seen`.
    """

    stage: Stage
    trace: Trace
    seen: Trace
    clock: tuple[int, ...]
    drawing: Drawing

    @property
    def steps(self) -> int:
        """How many steps can be seen."""
        return len(self.seen.steps)

    @cached_property
    def patch(self) -> dict[str, dict[str, Any]]:
        """What leads from the painted picture to this one."""
        return difference(self.stage.painted.styled, self.drawing.styled)

    def switches(self, stopped: Sequence[str]) -> list[dict[str, str]]:
        """What can be stopped: every card, and whatever is stopped inside of one."""
        shown = {node.id for node in self.seen.nodes if node.role != "constant"}
        nodes = [node for node in self.trace.nodes if node.id in shown or node.id in stopped]
        return [{"id": node.id, "label": node.label} for node in nodes]

    def step_like(self, k: int, before: Screen) -> int:
        """The step that shows as much as step `k` of another screen; all stays all."""
        if k > before.steps:
            return self.steps + 1
        if self.stage is not before.stage:
            k = bisect_right(self.clock, before.clock[max(k, 0)]) - 1
        return min(max(k, 0), self.steps + 1)
