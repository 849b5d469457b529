"""Clipping: tensors and gradients kept within bounds.

Clipping by norm is after Pascanu, Mikolov, Bengio, "On the Difficulty of Training Recurrent Neural
Networks", 2013. In the formulas c is `clip_norm`, above 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.core.errors import ShapeError, advise
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.shapes import merge_shapes
from nbgrad.ops.arithmetic import divide, multiply
from nbgrad.ops.constants import ones_like
from nbgrad.ops.copying import cast
from nbgrad.ops.functions import sqrt
from nbgrad.ops.logic import greater, is_finite, where
from nbgrad.ops.piecewise import maximum, minimum
from nbgrad.ops.reductions import l2_loss, reduce_sum
from nbgrad.ops.shaping import size
from nbgrad.tf1.math import add_n
from nbgrad.tf1.signatures import composite


@composite("clip_by_value", "t")
def clip_by_value(
    t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None
) -> Tensor:
    """Every element kept between two bounds, z = max(min(x, above), below).

    Where x lies outside the bounds, no gradient passes; on a bound it does.

    >>> print(tf.Session().run(tf.clip_by_value([-3.0, 0.5, 3.0], -1.0, 1.0)))
    [-1.   0.5  1. ]
    """
    clipped = maximum(minimum(t, clip_value_max), clip_value_min, name=name)
    try:
        merge_shapes(t.static_shape, clipped.static_shape)
    except ShapeError as error:
        raise ValueError(advise(str(error), clipped.op)) from None
    return clipped


@composite("clip_by_norm", "t")
def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Tensor:
    """A tensor shortened to length c where it is longer, z = x · c / max(‖x‖, c).

    Lengths are taken along `axes`, by default over all elements.

    >>> print(tf.Session().run(tf.clip_by_norm([3.0, 4.0], 1.0)))
    [0.6 0.8]
    """
    squares = reduce_sum(multiply(t, t), axes, True)
    # The root has no slope at 0, and none is needed: there nothing is clipped.
    some = greater(squares, 0)
    norm = where(some, sqrt(where(some, squares, ones_like(squares))), squares)
    return divide(multiply(t, clip_norm), maximum(norm, clip_norm), name=name)


@composite("clip_by_average_norm", "t")
def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> Tensor:
    """A tensor of n elements shortened where ‖x‖ / n is above c, z = x · c / max(‖x‖ / n, c).

    >>> print(tf.Session().run(tf.clip_by_average_norm([3.0, 4.0], 1.0)))
    [1.2 1.6]
    """
    average = divide(sqrt(reduce_sum(multiply(t, t))), cast(size(t), t.dtype))
    return divide(multiply(t, clip_norm), maximum(average, clip_norm), name=name)


@composite("global_norm")
def global_norm(t_list: Sequence[Any], name: str | None = None) -> Tensor | None:
    """The length of all tensors of a list together, z = √ΣΣx².

    Items that are None do not count; of nothing else the result is None.

    >>> print(tf.Session().run(tf.global_norm([[3.0], None, [[4.0]]])))
    5.0
    """
    halves = [l2_loss(t) for t in as_sequence(t_list) if t is not None]
    return sqrt(multiply(add_n(halves), 2), name=name) if halves else None


@composite("clip_by_global_norm")
def clip_by_global_norm(
    t_list: Sequence[Any], clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Tensor | None], Tensor | None]:
    """Tensors shortened by one factor where their global norm n is above c, z = x · c / max(n, c).

    Returns the list (None stays None), and the norm before, which `use_norm` may give. If it is
    not finite, all become NaN.

    >>> clipped, norm = tf.clip_by_global_norm([[3.0], [4.0]], 1.0)
    >>> print(*tf.Session().run(clipped), tf.Session().run(norm))
    [0.6] [0.8] 5.0
    """
    tensors = as_sequence(t_list)
    norm = global_norm(tensors) if use_norm is None else use_norm
    if norm is None:
        return list(tensors), None
    scale = multiply(clip_norm, minimum(divide(1.0, norm), divide(ones_like(norm), clip_norm)))
    # From an infinite norm there is no way back to numbers: all become NaN, as a warning.
    scale = where(is_finite(norm), scale, multiply(ones_like(norm), np.nan))
    return [None if t is None else multiply(t, scale) for t in tensors], norm


def as_sequence(t_list: Any) -> Sequence[Any]:
    if not isinstance(t_list, list | tuple) or isinstance(t_list, Operand):
        raise TypeError("t_list should be a sequence\nGive a list of tensors, as from gradients().")
    return t_list
