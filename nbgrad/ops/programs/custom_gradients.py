"""Gradients of one's own for a whole function: `custom_gradient`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.define import operation
from nbgrad.registry import RegisterGradient


def _each_its_own(*shapes, **_attributes):
    return list(shapes)


@operation(
    "IdentityN",
    node="(*inputs) T=T",
    dtypes="A->T",
    shape=_each_its_own,
    many=True,
    symbol="=",
    text="({inputs})",
)
def _identity_n(*inputs, T, gradient=None, stands_for=None):  # noqa: N803 - TensorFlow's name of the attribute
    return list(inputs)


@RegisterGradient("IdentityN")
def _identity_n_grad(op, *dzs):
    rule = op.attributes["gradient"]
    return list(dzs) if rule is None else rule(op, *dzs)


def identity_n(
    input: Any, name: str | None = None, gradient: Callable[..., Any] | None = None
) -> list[Tensor]:
    """The tensors of a list, each as it is; `gradient` may be their rule for all at once."""
    graph = graph_of(input)
    tensors = [as_tensor(item, graph) for item in input]
    dtypes = tuple(tensor.dtype for tensor in tensors)
    return graph.apply("IdentityN", *tensors, T=dtypes, gradient=gradient, name=name)


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator for a function that returns its result *and* the rule for its gradient.

    Parameters
    ----------
    f : callable
        From tensors to `(y, grad)`. `y` is a tensor or a list of them; `grad` takes the
        gradient that reached each y, and returns one for each argument of `f`.

    Returns
    -------
    callable
        The function without the rule; `gradients` uses the rule in place of what is inside.

    Examples
    --------
    >>> import nbgrad as ng
    >>> @ng.custom_gradient
    ... def clipped_on_the_way_back(x):
    ...     return ng.identity(x), lambda dy: ng.clip_by_value(dy, -0.1, 0.1)
    >>> with ng.Graph().as_default():
    ...     x = ng.constant(3.0)
    ...     y = clipped_on_the_way_back(x) * 5.0
    ...     print(*ng.Session().run(ng.gradients(y, x)))
    0.1
    """

    @functools.wraps(f)
    def decorated(*args: Any, **options: Any) -> Any:
        graph = graph_of(*args)
        with graph.as_default():
            inputs = [as_tensor(arg, graph) for arg in args]
            result, grad = f(*inputs, **options)
            listed = isinstance(result, list | tuple)
            outputs = [as_tensor(y, graph) for y in (result if listed else [result])]

            def rule(_op: Any, *dzs: Tensor) -> list[Any]:
                returned = grad(*dzs[: len(outputs)])
                dxs = list(returned) if isinstance(returned, list | tuple) else [returned]
                return [None] * len(outputs) + dxs

            # The arguments pass through beside the results, so that the rule's gradients
            # arrive at them; what is inside the function receives none.
            passing = [*outputs, *inputs]
            passed = graph.apply(
                "IdentityN",
                *passing,
                T=tuple(tensor.dtype for tensor in passing),
                gradient=rule,
                stands_for=(getattr(f, "__name__", "function").strip("<>"), len(outputs)),
            )
        return passed[: len(outputs)] if listed else passed[0]

    return decorated
