"""How the operations that change variables are built: settings cast, one call for all slots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nbgrad.graph import Tensor
from nbgrad.ops.copying.repetition import cast
from nbgrad.ops.define import operation
from nbgrad.ops.state.variables import Variable
from nbgrad.registry import Effect
from nbgrad.shapes import Shape, assigned


def update_operation(op_type: str, changes: int = 1, node: str = "") -> Callable[..., Any]:
    """Register a NumPy function as the kernel of an operation that updates variables.

    Parameters
    ----------
    changes
        How many of the function's parameters are variables to be changed; they come first,
        and the function returns their new values. The last parameter is the gradient.
    node
        See `nbgrad.registry.OpDef`.
    """

    def shape(*shapes: Shape, **_attributes: Any) -> Any:
        after = [assigned(ref, shapes[-1]) for ref in shapes[:changes]]
        return after if changes > 1 else after[0]

    def decorate(kernel: Callable[..., Any]) -> Callable[..., Any]:
        count = kernel.__code__.co_argcount
        signature = f"{','.join('T' * count)}->{','.join('T' * changes)}"
        return operation(
            op_type,
            dtypes=signature,
            shape=shape,
            effect=Effect.CHANGES,
            node=node,
            many=changes > 1,
            symbol="←",
        )(kernel)

    return decorate


def build_update(
    op_type: str,
    variables: list[Variable],
    settings: Mapping[str, Tensor],
    gradient: Tensor,
    **attributes: Any,
) -> Any:
    """An operation of that type; its first result is the first variable's new value.

    The settings stand in the order of the kernel's parameters, between variables and gradient.
    """
    refs = [variable.as_graph_element() for variable in variables]
    dtype = variables[0].dtype
    fitting = [s if s.dtype is dtype else cast(s, dtype) for s in settings.values()]
    made = variables[0].graph.apply(op_type, *refs, *fitting, gradient, **attributes)
    return made[0] if isinstance(made, list) else made
