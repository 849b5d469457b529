"""Parts picked by a mask, and rows looked up in a table."""

from __future__ import annotations

from typing import Any

from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import composite
from nbgrad.ops.elementwise.logic import where
from nbgrad.ops.rearranging.reshaping import reshape, squeeze
from nbgrad.ops.rearranging.sizes import size_along
from nbgrad.ops.selecting.indexing import _gather, gather


def embedding_lookup(
    params: Any,
    ids: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    validate_indices: bool = True,
    max_norm: float | None = None,
) -> Tensor:
    """The rows of a table for a tensor of row numbers.

    Parameters
    ----------
    params : tensor_like of any dtype
        The table, of shape [rows, ...].
    ids : tensor_like of integer
        Row numbers; they may repeat, and their gradients then add up.
    partition_strategy : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.
    validate_indices : optional
        Accepted as in TensorFlow, and without effect.
    max_norm : optional
        Only None.

    Returns
    -------
    Tensor
        Of the dtype of `params`. The shape of `ids`, followed by that of a row.

    Raises
    ------
    TypeError
        If the row numbers are no integers.
    NotImplementedError
        For several tables, or a `max_norm`.
    InvalidArgumentError
        In a run, if there is no such row.

    Examples
    --------
    >>> import nbgrad as tf
    >>> table = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.embedding_lookup(table, [1, 1, 0])))
    [[3. 4.]
     [3. 4.]
     [1. 2.]]
    """
    table = params[0] if isinstance(params, list | tuple) and len(params) == 1 else params
    if isinstance(table, list | tuple) or max_norm is not None:
        raise NotImplementedError("embedding_lookup takes one table here, and no max_norm.")
    with graph_of(table, ids).name_scope(name or "embedding_lookup"):
        return _gather(table, ids, 0, "Identity")


@composite("boolean_mask")
def boolean_mask(
    tensor: Any, mask: Any, name: str | None = "boolean_mask", axis: int | None = None
) -> Tensor:
    """The parts of a tensor for which a mask is true, one after the other.

    Parameters
    ----------
    tensor : tensor_like of any dtype
    mask : tensor_like of bool
        Of the shape of some neighbouring axes of the tensor, which become one.
    name : str, optional
        What the operations are called in the graph.
    axis : int, optional
        The first axis that the mask covers, 0 by default.

    Returns
    -------
    Tensor
        Of the dtype of `tensor`. How many parts there are shows in a run.

    Raises
    ------
    ValueError
        If the mask has no axes, or does not fit.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.boolean_mask([1.0, 2.0, 3.0], [True, False, True])))
    [1. 3.]
    """
    graph = graph_of(tensor, mask)
    x, chosen = as_tensor(tensor, graph, name="tensor"), as_tensor(mask, graph, name="mask")
    known, over = x.static_shape, chosen.static_shape
    if known is None or over is None:
        raise ValueError("Number of mask dimensions must be specified, even if some are None.")
    if not over:
        raise ValueError("mask cannot be scalar.")
    axis = axis or 0
    if any(a != b for a, b in zip(known[axis:], over, strict=False) if None not in (a, b)):
        raise ValueError(f"Shapes {known[axis:]} and {over} are incompatible")
    sizes = [size_along(x, i) for i in range(len(known))]
    flat = reshape(x, (*sizes[:axis], -1, *sizes[axis + len(over) :]))
    return gather(flat, squeeze(where(reshape(chosen, (-1,))), 1), axis=axis)
