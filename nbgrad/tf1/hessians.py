"""Second derivatives, as TensorFlow offers them."""

from __future__ import annotations

from typing import Any

from nbgrad.core.endpoints import as_list
from nbgrad.core.errors import advise
from nbgrad.core.gradients import gradients
from nbgrad.core.graph import Tensor
from nbgrad.core.shapes import element_count
from nbgrad.core.typing import TensorLike, Tensors
from nbgrad.ops.parts import stack
from nbgrad.ops.shaping import reshape
from nbgrad.tf1.signatures import takes


@takes(
    "ys xs name='hessians' colocate_gradients_with_ops=False gate_gradients=False "
    "aggregation_method"
)
def hessians(ys: TensorLike, xs: Tensors, aggregation_method: int | None = None) -> list[Tensor]:
    """For each x, the second derivatives of the sum of all ys: ∂²y / ∂xᵢ∂xⱼ.

    The gradient of the gradient: one reverse pass for y, and one for each element of ∂y/∂x.

    Parameters
    ----------
    ys, xs
        A tensor or variable, or a list of them; each x of known shape.
    name, colocate_gradients_with_ops, gate_gradients, aggregation_method
        Without effect.

    Returns
    -------
    list of Tensor
        One for each x, of x's shape twice over.

    Raises
    ------
    ValueError
        If there is no way from x to the ys, or an x has an unknown shape.

    Examples
    --------
    >>> x = tf.constant([1.0, 2.0])
    >>> [hessian] = tf.hessians(tf.reduce_sum(x * x * x), x)
    >>> print(tf.Session().run(hessian).tolist())
    [[6.0, 0.0], [0.0, 12.0]]
    """
    xs = as_list(xs)
    first = gradients(ys, xs, aggregation_method=aggregation_method)
    return [hessian_of(gradient, x) for gradient, x in zip(first, xs, strict=True)]


def hessian_of(gradient: Tensor | None, x: Any) -> Tensor:
    """The gradient of every element of a gradient, stacked."""
    if gradient is None:
        raise ValueError("None values not supported.\nThere is no gradient with respect to x.")
    tensor = x.as_graph_element()
    count = element_count(tensor.static_shape)
    if count is None:
        raise ValueError(
            advise(
                f"The Hessian of an x of shape {tensor.shape} has an unknown number of rows.",
                tensor.op,
                "Give the placeholder a shape.",
            )
        )
    elements = reshape(gradient, [-1])
    rows = [gradients(elements[i], x)[0] for i in range(count)]
    if None in rows:
        raise ValueError(
            "None values not supported.\n"
            "The gradient does not depend on x: its derivative, the Hessian, is zero."
        )
    return reshape(stack(rows), [*tensor.static_shape, *tensor.static_shape])
