"""Assignments: operations that give a variable another value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbgrad.errors import advise
from nbgrad.graph import Operand, Tensor
from nbgrad.ops.define import operation
from nbgrad.registry import Effect, NotDifferentiable
from nbgrad.shapes import assigned

if TYPE_CHECKING:
    from nbgrad.ops.state.variables import Variable


def _assigned(ref, value, *, validate_shape):
    return assigned(ref, value) if validate_shape else value


@operation(
    "Assign",
    node="(ref, value) T=ref validate_shape=validate_shape",
    dtypes="T,T->T",
    shape=_assigned,
    effect=Effect.SETS,
    symbol="←",
)
def _assign(ref, value, *, validate_shape=True):
    return value


@operation("AssignAdd", dtypes="T,T->T", shape=assigned, effect=Effect.CHANGES, symbol="+=")
def _assign_add(ref, value):
    return ref + value


@operation("AssignSub", dtypes="T,T->T", shape=assigned, effect=Effect.CHANGES, symbol="−=")
def _assign_sub(ref, value):
    return ref - value


for _op_type in ("Assign", "AssignAdd", "AssignSub"):
    NotDifferentiable(_op_type)


def assign(
    ref: Variable,
    value: Any,
    validate_shape: bool = True,
    use_locking: bool = True,
    name: str | None = None,
) -> Tensor:
    """A tensor that, when run, gives a variable a new value, and is that value.

    Parameters
    ----------
    ref : Variable
    value : tensor_like of the dtype of the variable
    validate_shape : bool, default True
        Whether the value must have the variable's shape. If not, the variable takes the value's.
    use_locking : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of the variable. No gradient passes.

    Raises
    ------
    ValueError
        If the shapes differ.
    TypeError
        If the dtypes differ.
    AttributeError
        If `ref` is no variable.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0)
    ...     print(ng.Session().run(ng.assign(w, 5.0)))
    5.0
    """
    return write_to("Assign", ref, value, name=name, validate_shape=validate_shape)


def assign_add(
    ref: Variable, value: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """A tensor that, when run, adds a value to a variable, and is the sum.

    Parameters
    ----------
    ref : Variable
    value : tensor_like of the dtype and shape of the variable
    use_locking : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of the variable. No gradient passes.

    Raises
    ------
    ValueError
        If the shapes differ.
    TypeError
        If the dtypes differ.
    AttributeError
        If `ref` is no variable.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     w = ng.Variable(3.0)
    ...     session.run(w.initializer)
    ...     print(session.run(ng.assign_add(w, 1.0)))
    4.0
    """
    return write_to("AssignAdd", ref, value, name=name)


def assign_sub(
    ref: Variable, value: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """A tensor that, when run, subtracts a value from a variable, and is the result.

    Parameters
    ----------
    ref : Variable
    value : tensor_like of the dtype and shape of the variable
    use_locking : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of the variable. No gradient passes.

    Raises
    ------
    ValueError
        If the shapes differ.
    TypeError
        If the dtypes differ.
    AttributeError
        If `ref` is no variable.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     w = ng.Variable(3.0)
    ...     session.run(w.initializer)
    ...     print(session.run(ng.assign_sub(w, 1.0)))
    2.0
    """
    return write_to("AssignSub", ref, value, name=name)


def write_to(op_type: str, ref: Any, *values: Any, name: str | None, **settings: Any) -> Tensor:
    """Build an operation that changes a variable.

    Raises
    ------
    AttributeError
        If `ref` is none.
    """
    target = ref.as_graph_element() if isinstance(ref, Operand) else None
    if target is None or not target.op.is_variable:
        raise AttributeError(
            advise(
                f"{type(ref).__name__!r} object has no attribute 'assign'",
                None if target is None else target.op,
                "Only a Variable can be given a new value.",
            )
        )
    result: Tensor = target.graph.apply(op_type, target, *values, name=name, **settings)
    return result
