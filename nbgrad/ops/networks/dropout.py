"""Elements left out at random, so that no neuron relies on another."""

from __future__ import annotations

from typing import Any

from nbgrad.graph import Operand, Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import composite
from nbgrad.ops.copying.repetition import cast
from nbgrad.ops.elementwise.arithmetic import divide, multiply, subtract
from nbgrad.ops.elementwise.logic import greater_equal
from nbgrad.ops.rearranging.sizes import shape as shape_tensor
from nbgrad.ops.sources.randomness import random_uniform


@composite("dropout")
def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
    """Elements left out at random, and the others scaled, z = x / keep or, at random, 0.

    What is left out is drawn for each element anew in every run. The mean stays that of x.

    Parameters
    ----------
    x : tensor_like of float
    keep_prob : number, or tensor of float, optional
        The probability to keep an element.
    noise_shape : sequence of int, or tensor of integers, optional
        The shape of what is drawn, where elements along an axis are to share it.
    seed : int, optional
        Repeats the same choice in every new session.
    name : str, optional
        What the operations are called in the graph.
    rate : number, or tensor of float, optional
        The probability to leave an element out, 1 − keep.

    Returns
    -------
    Tensor
        Of the dtype and shape of `x`; `x` itself where nothing is left out.

    Raises
    ------
    ValueError
        If neither or both of `keep_prob` and `rate` are given, or out of range.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout: A Simple Way to Prevent
    Neural Networks from Overfitting", 2014.

    Examples
    --------
    >>> import nbgrad as tf
    >>> z = tf.nn.dropout(tf.ones([100]), rate=0.5)
    >>> with tf.Session() as session:
    ...     print(*sorted(set(session.run(z).tolist())))
    0.0 2.0
    """
    x = as_tensor(x, graph_of(x, keep_prob, rate), name="x")
    rate = dropped(keep_prob, rate)
    if isinstance(rate, int | float):
        if not 0 <= rate < 1:
            raise ValueError(
                f"rate must be a scalar tensor or a float in the range [0, 1), got {rate:g}"
            )
        if rate == 0:
            return x
    sizes = noise_shape if noise_shape is not None else x.static_shape
    if sizes is None or (isinstance(sizes, tuple) and None in sizes):
        sizes = shape_tensor(x)
    kept = greater_equal(random_uniform(sizes, seed=seed, dtype=x.dtype), rate)
    return multiply(divide(x, subtract(1.0, rate)), cast(kept, x.dtype), name="mul_1")


def dropped(keep_prob: Any, rate: Any) -> Any:
    """The probability of dropping, from either argument."""
    if keep_prob is not None and rate is not None:
        raise ValueError("Cannot specify both 'keep_prob' and 'rate'")
    if keep_prob is None and rate is None:
        raise ValueError("You must provide a rate to dropout.")
    if rate is not None:
        return rate
    return subtract(1.0, keep_prob) if isinstance(keep_prob, Operand) else 1.0 - keep_prob
