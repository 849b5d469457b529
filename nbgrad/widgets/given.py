"""What the learner's program gives to an explorer: taken as it is, or refused before it counts."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np

from nbgrad.errors import advise
from nbgrad.graph import Operand, Tensor
from nbgrad.session import Session
from nbgrad.session.feeding import fed_array, feeds_of
from nbgrad.tracing.record import Recorder


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
