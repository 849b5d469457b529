"""Settings of the notebook at hand, which `nbgrad.config` changes."""

from __future__ import annotations

import os
from typing import Literal

import numpy as np

Unchanged = Literal["unchanged"]

_static: bool | None = None  # unless it is set, the environment decides
_integer_gradients = False


def config(
    *,
    static: bool | Unchanged | None = "unchanged",
    integer_gradients: bool | Unchanged = "unchanged",
    plain_numbers: bool | Unchanged = "unchanged",
) -> None:
    """Settings of the notebook at hand; what is not named stays as it is.

    Parameters
    ----------
    static
        True makes every explorer that is displayed from now on a still picture; False makes it
        live; None leaves that to the environment variable NBGRAD_STATIC.
    integer_gradients
        Whether integers carry gradients, in their own dtype, as they did in TensorFlow up to 1.8.
        By default their gradient is None, as in every TensorFlow since: a function of whole numbers
        takes steps and has no slope, and an update rounded to whole numbers goes nowhere. Programs
        written in 2018 and before may need True; they run as well with 1.0 in place of 1.
    plain_numbers
        Whether NumPy prints a number as the number, as it did up to 1.26: `[5.0]`, and not
        `[np.float32(5.0)]`. It is NumPy's own print option, and so holds for the whole notebook.

    Examples
    --------
    >>> w = tf.Variable([[1, 2]])
    >>> y = tf.matmul(w, [[2], [1]])
    >>> print(tf.gradients(y, w))
    [None]
    >>> ng.config(integer_gradients=True)
    >>> print(*tf.Session().run(tf.gradients(y, w)))
    [[2 1]]
    >>> ng.config(integer_gradients=False)
    """
    global _static, _integer_gradients
    if static != "unchanged":
        _static = static
    if integer_gradients != "unchanged":
        _integer_gradients = integer_gradients
    if plain_numbers != "unchanged":
        np.set_printoptions(legacy="1.25" if plain_numbers else False)


def is_static() -> bool:
    """Whether explorers stand still."""
    return os.environ.get("NBGRAD_STATIC", "") not in ("", "0") if _static is None else _static


def integers_carry_gradients() -> bool:
    """Whether gradients flow through integers, as in TensorFlow up to 1.8."""
    return _integer_gradients
