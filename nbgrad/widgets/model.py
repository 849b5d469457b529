"""The model of an explorer: ys with respect to xs, for inputs, seeds and stops that change.

The learner's graph stays as it was: seeds are fed, and the reverse pass for a set of stops is
built once, in the graph's scratch space.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from nbgrad.core import shapes
from nbgrad.core.endpoints import as_list
from nbgrad.core.errors import advise
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.notebook import get_default_session
from nbgrad.core.operands import as_tensor
from nbgrad.core.running import fed_array
from nbgrad.core.session import Session
from nbgrad.core.traits import Effect
from nbgrad.trace.model import Trace
from nbgrad.trace.program import placeholder_like, program_of
from nbgrad.trace.record import Recorder
from nbgrad.trace.tensors import (
    check_seeds,
    default_xs,
    is_movable,
    shown_as,
    tensors_of_ys,
    without_names,
)
from nbgrad.widgets.bundle import page_kernels
from nbgrad.widgets.entries import Kind, from_entries

#: What a placeholder starts with that is not fed.
UNFED = 1.0
#: How many sets of stops keep their reverse pass: a learner goes to and fro between a few.
RECORDERS_KEPT = 16
#: A page is given inputs of no more bytes than this.
MOST_BYTES = 4_000_000


class Model:
    """One set of ys and xs, traced for any inputs, seeds and stops.

    `inputs` and `seeds` have for the label of each input, and of each y, the array it starts with;
    `tensors` is by the ids of nodes.
    """

    def __init__(
        self, ys: Any, xs: Any, grad_ys: Any, feed_dict: Any, session: Session | None
    ) -> None:
        ys, xs = without_names(session, ys, xs)
        self.ys = with_seeds(tensors_of_ys(ys))
        check_seeds(self.ys, grad_ys)
        self.graph = self.ys[0].graph
        self._xs = default_xs(self.ys) if xs is None else as_list(xs)
        with self.graph.scratch():
            self._fed_seeds = [*map(placeholder_like, self.ys)]
        recorder = Recorder(self.ys, self._xs, self._fed_seeds)
        self._recorders = {frozenset[str](): recorder}
        self.tensors = {recorder.ids[tensor]: tensor for tensor in recorder.nodes}
        self.labels = {tensor: label.text for tensor, label in recorder.labels.items()}
        self.node_ids = recorder.ids
        self.session = session = session or get_default_session()
        self._fixed = recorder.values_given(feed_dict, session)
        leaves = [
            t for t in recorder.nodes if is_movable(t) or (t in recorder.xs and not t.op.inputs)
        ]
        self.inputs: dict[str, np.ndarray] = {}
        self._owners: dict[Kind, dict[str, Tensor]] = {"input": {}}  # of inputs and seeds
        for tensor in leaves:
            label, dtype, value = self.labels[tensor], tensor.dtype, self._first_value(tensor)
            if dtype.is_floating or dtype.is_integer or dtype.is_bool:
                self._owners["input"][label], self.inputs[label] = tensor, value
            else:  # a complex number or a text has no slider: it stays as it is fed
                self._fixed[tensor] = value
        self._owners["seed"] = {self.label(y): y for y in self.ys}
        self.seeds = self._first_seeds(grad_ys, feed_dict, session)

    def _first_value(self, tensor: Tensor) -> np.ndarray:
        if tensor in self._fixed:
            return np.asarray(self._fixed[tensor])
        if tensor.op.effect is Effect.CONSTANT:
            return np.asarray(tensor.op.attributes["value"])
        shape = [1 if size is None else size for size in tensor.static_shape or ()]
        return np.full(shape, UNFED, dtype=tensor.dtype.as_numpy_dtype)

    def _first_seeds(
        self, grad_ys: Any, feed_dict: Any, session: Session | None
    ) -> dict[str, np.ndarray]:
        """The seeds that were given, or ones; a tensor counts as the value it has now."""
        if grad_ys is None:
            recorder = self._recorder(frozenset())
            values = recorder.values_of(self.ys, self.feeds(self.inputs))
            seeds: list[Any] = [1] * len(self.ys)
        else:
            recorder = Recorder(self.ys, self._xs, grad_ys)
            feeds = {**recorder.values_given(feed_dict, session), **self.feeds(self.inputs)}
            found = recorder.values_of([*self.ys, *recorder.reverse.seeds], feeds)
            values, seeds = found[: len(self.ys)], found[len(self.ys) :]
        given = zip(self._owners["seed"].items(), values, seeds, strict=True)
        return {label: as_seed(y, seed, np.shape(value)) for (label, y), value, seed in given}

    # Names ----------------------------------------------------------------------------------

    def label(self, key: Any) -> str:
        """The label of a tensor or a variable, of its name, or a label; a KeyError lists them."""
        found = None
        if isinstance(key, str):
            known = {tensor.name: label for tensor, label in self.labels.items()}
            found = key if key in self.labels.values() else known.get(key)
        elif isinstance(key, Operand):
            found = self.labels.get(shown_as(as_tensor(key, self.graph)))
        if found is None:
            shown = enumeration(self.labels.values())
            raise KeyError(f"{key!r} is not on this picture. It shows: {shown}")
        return found

    def label_of(self, kind: Kind, key: Any) -> str:
        """The label of an input, or of one of the ys; a KeyError lists them."""
        label = self.label(key)
        if label not in self._owners[kind]:
            what = "cannot be moved. Inputs" if kind == "input" else "is not one of the ys. They"
            raise KeyError(f"{label!r} {what} are: {enumeration(self._owners[kind])}")
        return label

    def ids(self, keys: Any) -> list[str]:
        """The node ids of tensors, variables or labels, of one or of several."""
        of_label = {label: self.node_ids[tensor] for tensor, label in self.labels.items()}
        return [of_label[self.label(key)] for key in as_list(keys)]

    # Values ---------------------------------------------------------------------------------

    def checked(self, kind: Kind, key: Any, value: Any) -> tuple[str, np.ndarray]:
        """A label, and a value for it; errors if it is no number, or not of the right shape."""
        label = self.label_of(kind, key)
        start = self.inputs if kind == "input" else self.seeds
        tensor, shape = self._owners[kind][label], start[label].shape
        array = as_seed(tensor, value, shape) if kind == "seed" else as_value(tensor, value)
        if array.shape != shape:
            raise ValueError(
                f"An explorer keeps the shapes it began with: {label} {shapes.show(shape)}, "
                f"not {shapes.show(array.shape)}"
            )
        return label, array

    def read(
        self,
        kind: Kind,
        entries: Mapping[str, Any],
        good: Mapping[str, np.ndarray],
        problems: list[Exception],
    ) -> dict[str, np.ndarray]:
        """The arrays that entries stand for; what is no number is as it was, and a problem."""
        arrays = dict(good)
        for label, given in entries.items():
            if label not in arrays:
                problems.append(KeyError(f"{label!r} is not on this picture."))
                continue
            name = label if kind == "input" else f"seed of {label}"
            dtype = self._owners[kind][label].dtype
            arrays[label], wrong = from_entries(name, given, dtype, arrays[label])
            problems += [wrong] if wrong else []
        return arrays

    # Traces ---------------------------------------------------------------------------------

    def trace(
        self,
        inputs: Mapping[str, np.ndarray],
        seeds: Mapping[str, np.ndarray],
        stopped: frozenset[str],
    ) -> Trace:
        """The trace for these numbers under these stops."""
        feeds = dict(zip(self._fed_seeds, map(seeds.__getitem__, self.seeds), strict=True))
        return self._recorder(stopped).record({**self.feeds(inputs), **feeds})

    def program(self) -> tuple[dict[str, Any] | None, str]:
        """The question as data for the page; or None, and why Python has to compute it."""
        if sum(value.nbytes for value in self.inputs.values()) > MOST_BYTES:
            return None, "The inputs are too large for the page: each move asks Python."
        feeds, seeds = self.feeds(self.inputs), [*self.seeds.values()]
        program = program_of(self._recorder(frozenset()), feeds, seeds, page_kernels())
        if names := program["unsupported"]:
            what = enumeration(name.partition(" (")[0] for name in names)
            return None, f"The page cannot compute {what}: each move asks Python."
        return program, ""

    def _recorder(self, stopped: frozenset[str]) -> Recorder:
        """The recorder for some stops; the one that was used last stands last."""
        found = self._recorders.pop(stopped, None)
        if found is None:
            stops = [self.tensors[key] for key in sorted(stopped)]
            found = Recorder(self.ys, self._xs, self._fed_seeds, stops, self._fixed)
        self._recorders[stopped] = found
        if len(self._recorders) > RECORDERS_KEPT:
            del self._recorders[next(iter(self._recorders))]
        return found

    def feeds(self, inputs: Mapping[str, np.ndarray]) -> dict[Tensor, Any]:
        """The value of every tensor that is given."""
        moved = {self._owners["input"][label]: value for label, value in inputs.items()}
        return {**self._fixed, **moved}


def enumeration(labels: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(labels))


def with_seeds(ys: list[Tensor]) -> list[Tensor]:
    """Ys each of which can have a seed of its own, a real number."""
    for y in ys:
        if y.dtype.is_complex:
            problem = f"An explorer has no seed for {y}, which is complex."
            advice = "Explore its real part, or draw it: tf.draw takes complex grad_ys."
            raise TypeError(advise(problem, y.op, advice))
        if ys.count(y) > 1:
            raise ValueError(advise(f"{y} is listed twice in ys.", y.op, "Give it twice the seed."))
    return ys


def as_seed(y: Tensor, seed: Any, shape: tuple[int, ...]) -> np.ndarray:
    """A seed for each element of y; a single number serves them all."""
    if seed is not None and not isinstance(seed, Operand | str):
        with suppress(ValueError):  # which `as_value` raises in TensorFlow's words
            seed = np.broadcast_to(seed, shape)
    return as_value(y, seed)


def as_value(tensor: Tensor, value: Any) -> np.ndarray:
    """A value for a tensor, as an array of its dtype."""
    if value is None:  # NumPy would take it for NaN
        raise ValueError(f"None is no value for Tensor '{tensor.name}'.")
    with np.errstate(over="ignore"):  # 1e39 is ∞ in float32, and the picture says so
        array = fed_array(tensor, value)
    if not tensor.dtype.is_floating and not np.array_equal(array, value):
        raise ValueError(f"{value} is not a whole number, and Tensor '{tensor.name}' is.")
    return array
