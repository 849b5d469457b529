"""Assignments: operations that give a variable another value, and are that value.

No gradient passes them, and `use_locking` has no effect.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbgrad.core.errors import advise
from nbgrad.core.graph import Operand, Tensor


def assign(
    ref: Operand,
    value: Any,
    validate_shape: bool = True,
    use_locking: bool = True,
    name: str | None = None,
) -> Tensor:
    """A tensor that, when run, gives a variable a new value, and is that value.

    Without `validate_shape`, the variable takes the value's shape.

    >>> w = tf.Variable(3.0)
    >>> print(tf.Session().run(tf.assign(w, 5.0)))
    5.0
    """
    return write_to("Assign", ref, value, name=name, validate_shape=validate_shape)


def assign_add(
    ref: Operand, value: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """A tensor that, when run, adds a value to a variable, and is the sum.

    >>> w = tf.Variable(3.0)
    >>> with tf.Session() as session:
    ...     session.run(w.initializer)
    ...     print(session.run(tf.assign_add(w, 1.0)))
    4.0
    """
    return write_to("AssignAdd", ref, value, name=name)


def assign_sub(
    ref: Operand, value: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """A tensor that, when run, subtracts a value from a variable, and is the result.

    >>> w = tf.Variable(3.0)
    >>> with tf.Session() as session:
    ...     session.run(w.initializer)
    ...     print(session.run(tf.assign_sub(w, 1.0)))
    2.0
    """
    return write_to("AssignSub", ref, value, name=name)


def write_to(op_type: str, ref: Any, *values: Any, name: str | None, **settings: Any) -> Tensor:
    """Build an operation that changes a variable."""
    target = ref.as_graph_element() if isinstance(ref, Operand) else None
    if target is None or not target.op.is_variable:
        raise AttributeError(
            advise(
                f"{type(ref).__name__!r} object has no attribute 'assign'",
                None if target is None else target.op,
                "Only a Variable can take a new value.",
            )
        )
    result: Tensor = target.graph.apply(op_type, target, *values, name=name, **settings)
    return result


def _scatter(change: str, verb: str, after: str) -> Callable[..., Tensor]:
    def scatter(
        ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        return write_to(f"Scatter{change}", ref, indices, updates, name=name)

    name = f"scatter_{change.lower()}"
    scatter.__name__ = scatter.__qualname__ = name
    scatter.__doc__ = f"""A tensor that, when run, {verb} some rows of a variable, and is its value.

    Updates have the shape of the indices, followed by that of a row. A row that is named twice is
    changed twice, one after the other.

    >>> w = tf.Variable([1.0, 2.0])
    >>> with tf.Session() as session:
    ...     session.run(w.initializer)
    ...     print(session.run(tf.{name}(w, [0, 0], [10.0, 10.0])))
    {after}
    """
    return scatter


scatter_update = _scatter("Update", "replaces", "[10.  2.]")
scatter_add = _scatter("Add", "adds to", "[21.  2.]")
scatter_sub = _scatter("Sub", "subtracts from", "[-19.   2.]")
scatter_mul = _scatter("Mul", "multiplies", "[100.   2.]")
scatter_div = _scatter("Div", "divides", "[0.01 2.  ]")
