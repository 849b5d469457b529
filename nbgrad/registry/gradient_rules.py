"""Gradient rules by name, so that a learner may write one or replace one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from nbgrad.errors import advise
from nbgrad.protocols import OperationLike

GradientRule = Callable[..., Any]


_rules: dict[str, GradientRule | None] = {}


def rules() -> Mapping[str, GradientRule | None]:
    """Every gradient rule by name; None for an operation declared to have no derivative."""
    return MappingProxyType(_rules)


class RegisterGradient:
    """A decorator that registers the gradient rule of a type of operation.

    The rule receives the operation and the gradient that has reached each of its outputs,
    and returns one gradient per input: a tensor, or None where nothing flows. It is written
    in nbgrad operations, so that the gradient is a graph again.

    Parameters
    ----------
    op_type
        The type of operation, or any name for use with `Graph.gradient_override_map`.

    Raises
    ------
    TypeError
        If `op_type` is not a string.

    Examples
    --------
    >>> import nbgrad as ng
    >>> @ng.RegisterGradient("Upside down")
    ... def negated(op, dz):
    ...     return -dz
    >>> with ng.Graph().as_default() as graph:
    ...     x = ng.constant(3.0)
    ...     with graph.gradient_override_map({"Identity": "Upside down"}):
    ...         z = ng.identity(x)
    ...     print(ng.Session().run(ng.gradients(z * z, x)))
    [np.float32(-6.0)]
    """

    def __init__(self, op_type: str) -> None:
        if not isinstance(op_type, str):
            raise TypeError(
                advise("op_type must be a string", advice='Write @RegisterGradient("Name").')
            )
        self.op_type = op_type

    def __call__(self, rule: GradientRule) -> GradientRule:
        previous = _rules.get(self.op_type)
        if previous is not None and identity(previous) != identity(rule):
            # TensorFlow refuses; a notebook cell is run again and again, so we replace.
            warnings.warn(
                f"The gradient rule {self.op_type!r} was {identity(previous)}; it is now "
                f"{identity(rule)}.",
                stacklevel=2,
            )
        _rules[self.op_type] = rule
        return rule


def identity(rule: GradientRule) -> str:
    """What makes two rules "the same one, run again": where they come from and their name."""
    return f"{rule.__module__}.{getattr(rule, '__qualname__', rule)}"


def NotDifferentiable(op_type: str) -> None:
    """Declare that a type of operation has no derivative: gradients through it are None.

    Parameters
    ----------
    op_type
        The type of operation, or any name for use with `Graph.gradient_override_map`.

    Raises
    ------
    TypeError
        If `op_type` is not a string.

    Examples
    --------
    >>> import nbgrad as ng
    >>> ng.NotDifferentiable("No way through")
    >>> with ng.Graph().as_default() as graph:
    ...     x = ng.constant(3.0)
    ...     with graph.gradient_override_map({"Identity": "No way through"}):
    ...         z = ng.identity(x)
    ...     print(ng.gradients(z, x))
    [None]
    """
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    _rules[op_type] = None


NoGradient = NotDifferentiable


def is_differentiable(op: OperationLike) -> bool:
    """Whether the operation lets a gradient through: False for one declared not to."""
    return _rules.get(op.gradient_type, op) is not None


def gradient_rule(op: OperationLike) -> GradientRule:
    """The rule for one operation, after any `gradient_override_map`.

    Raises
    ------
    LookupError
        If no rule was registered under its name.
    """
    rule = _rules.get(op.gradient_type)
    if rule is None:
        raise LookupError(
            advise(
                f"No gradient defined for operation '{op.name}' (op type: {op.type})",
                op,
                f'Write one with @RegisterGradient("{op.gradient_type}"), or list the tensor in '
                "stop_gradients.",
            )
        )
    return rule
