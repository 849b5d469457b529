"""The question an explorer asks again and again: ys with respect to xs, from new numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.reverse_mode.endpoints import as_list
from nbgrad.session import Session, get_default_session
from nbgrad.session.feeding import fed_array, feeds_of
from nbgrad.tracing.drawn import default_xs, is_movable, itself
from nbgrad.tracing.model import Trace
from nbgrad.tracing.record import Recorder

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
        self._graph = graph = graph_of(*as_list(ys))
        self._ys = [as_tensor(y, graph) for y in as_list(ys)]
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
        held = self._start(first, feed_dict, session or get_default_session())
        self._held_still = held
        moved = [t for t in first.nodes if is_movable(t) or (t in first.xs and not t.op.inputs)]
        self._movable = {self._labels[tensor]: tensor for tensor in moved}
        self.inputs = {label: self._standing(t) for label, t in self._movable.items()}
        self.weights = self._starting_weights(grad_ys, session)

    def _start(
        self, recorder: Recorder, feed_dict: Any, session: Session | None
    ) -> dict[Tensor, Any]:
        """What every tensor that is given, not computed, starts with."""
        held = dict(recorder.held_still)
        known = [t for t in recorder.nodes if t in held and session and session.holds(t)]
        if session and known:
            held.update(zip(known, session.run(known), strict=True))
        held.update(feeds_of(feed_dict, self._graph))
        return held

    def _standing(self, tensor: Tensor) -> np.ndarray:
        """The value that an input starts with."""
        if tensor in self._held_still:
            return np.asarray(self._held_still[tensor])
        if tensor.op.definition.stateful == "constant":
            return np.asarray(tensor.op.attributes["value"])
        shape = [1 if size is None else size for size in tensor.static_shape or ()]
        return np.full(shape, UNFED, dtype=tensor.dtype.as_numpy_dtype)

    def _starting_weights(self, grad_ys: Any, session: Session | None) -> dict[str, np.ndarray]:
        """The weights given, or ones; a weight that is a tensor has the value it has now."""
        given = [None] * len(self._ys) if grad_ys is None else as_list(grad_ys)
        if len(given) != len(self._ys):
            raise ValueError(f"Passed {len(given)} grad_ys for {len(self._ys)} ys")
        values = self._recorders[frozenset()].values_of(self._ys, self._feeds(self.inputs))
        weights = {}
        for y, weight, value in zip(self._ys, given, values, strict=True):
            ones = np.ones_like(value)
            if weight is not None:
                runner = session or Session(graph=self._graph)
                weight = runner.run(weight) if hasattr(weight, "graph") else weight
            weights[self.label(y)] = ones if weight is None else fed_array(y, weight)
        return weights

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
        else:
            tensor = itself(as_tensor(key, self._graph))
            if tensor in self._labels:
                return self._labels[tensor]
        known = ", ".join(dict.fromkeys(self._labels.values()))
        raise KeyError(f"{key!r} is not on this picture. It shows: {known}")

    def ids(self, keys: Iterable[Any]) -> list[str]:
        """The node ids of tensors, variables or labels."""
        of_label = {label: self._ids[tensor] for tensor, label in self._labels.items()}
        return [of_label[self.label(key)] for key in as_list(keys)]

    def tensor(self, label: str, kind: str) -> Tensor:
        """The tensor that an input's value, or a y's weight, is fed to."""
        if kind == "input":
            return self._movable[label]
        return dict(zip(self._y_labels(), self._dials, strict=True))[label]

    def _y_labels(self) -> list[str]:
        return [self.label(y) for y in self._ys]

    # Answers --------------------------------------------------------------------------------

    def read(self, kind: str, entries: Mapping[str, Sequence[Any]]) -> dict[str, np.ndarray]:
        """What the fields hold, as arrays.

        Raises
        ------
        ValueError
            If an entry is no number, in the words that name it.
        """
        start = self.inputs if kind == "input" else self.weights
        arrays = {}
        for label, value in start.items():
            tensor = self.tensor(label, kind)
            try:
                array = np.array(list(entries[label]), dtype=tensor.dtype.as_numpy_dtype)
            except ValueError as error:
                what = label if kind == "input" else f"the weight of {label}"
                raise ValueError(f"{error} in {what}") from None
            arrays[label] = array.reshape(value.shape)
        return arrays

    def trace(
        self,
        inputs: Mapping[str, np.ndarray],
        weights: Mapping[str, np.ndarray],
        stopped: frozenset[str],
    ) -> Trace:
        """The trace for these numbers under these stops."""
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
