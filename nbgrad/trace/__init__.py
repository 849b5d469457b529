"""One forward and one reverse run of a graph, as plain data.

Read `model` and `records`, then `record`, which goes from a graph to a trace.

- What is asked, and what it is called: `tensors`, `labels`, `formulas`, `numbers`.
- What a trace knows: `paths`, `cells`. Several nodes as one: `folding`.
- The same for other numbers: `program`, and `assembly`, which has a twin in the page; in another
  precision: `evaluation`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from nbgrad.core.graph import Tensor
    from nbgrad.core.operands import FeedDict, TensorLike, Tensors
    from nbgrad.core.session import Session
    from nbgrad.trace.model import Trace

__all__ = ["trace"]


@overload
def trace(ys: TensorLike) -> Tensor: ...


@overload
def trace(
    ys: Tensors,
    xs: Tensors | None = None,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
) -> Trace: ...


def trace(
    ys: Tensors | TensorLike,
    xs: Tensors | None = None,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
) -> Trace | Tensor:
    """One forward and one reverse run, as plain data.

    Of a matrix alone it is TensorFlow's `tf.trace`, a tensor: the sum of the matrix's diagonal.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients
        As for `nbgrad.gradients`; tensors, or their names. By default the xs are all variables and
        placeholders behind the ys.
    feed_dict
        Values for placeholders, or for any other tensor.
    session
        Where variables have their values, by default the default session; a variable that
        it does not hold, and every variable without a session, takes its initial value.

    Returns
    -------
    Trace
        Values, adjoints with their states and causes, an edge for each operand, and the
        steps of both passes; `to_dict()` is ready for JSON. It shows itself as a picture and a
        table, prints in words, and `save`s itself as a drawing does.

    Raises
    ------
    InvalidArgumentError
        If a placeholder is not fed.
    LookupError
        If an operation on the way has no gradient rule.

    Notes
    -----
    Nothing of it stays in the graph.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.Variable(3.0, name="x")
    ...     y = ng.Variable(4.0, name="y")
    ...     t = ng.trace(x * x * y + y + 2, [x, y])
    >>> print(t.node("x").adjoint.value.array, t.node("y").adjoint.value.array)
    24.0 10.0
    >>> print(ng.Session().run(ng.trace([[1.0, 2.0], [3.0, 4.0]])))
    5.0
    """
    others = (xs, grad_ys, stop_gradients, feed_dict, session)
    if all(other is None for other in others) and _may_be_matrix(ys):
        from nbgrad.ops.matrix import matrix_diag_part
        from nbgrad.ops.reductions import reduce_sum

        total: Tensor = reduce_sum(matrix_diag_part(ys), -1)
        return total
    # Imported here, so that `import nbgrad`, which needs this function's name, stays quick.
    from nbgrad.trace.record import Recorder

    recorder = Recorder(ys, xs, grad_ys, stop_gradients, session=session)
    return recorder.record(feed_dict, session)


def _may_be_matrix(ys: Any) -> bool:
    """Whether this can be a matrix: a name, a scalar and a list of tensors are none."""
    from nbgrad.core.graph import Operand

    if isinstance(ys, Operand):
        rank = ys.as_tensor().shape.ndims
        return rank is None or rank >= 2
    several = ys if isinstance(ys, list | tuple) else ()
    return not isinstance(ys, str) and not any(isinstance(each, Operand) for each in several)
