"""The registry: the definition and the gradient rule of each type of operation."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import Parameter
from types import MappingProxyType
from typing import Any

from nbgrad.core.errors import OperationLike, advise, did_you_mean
from nbgrad.core.traits import Effect, Notation, Signature

Kernel = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class OpDef:
    """The definition of one type of operation."""

    type: str  # "Mul"
    kernel: Kernel  # positional parameters are the operands, keyword-only ones the attributes
    operands: tuple[str, ...]  # their names; "*inputs" stands for any number
    attributes: dict[str, Any]  # names and defaults
    dtypes: Signature  # of "T,T->T"; `nbgrad.ops.define` explains the letters
    # From the operands' static shapes and the attributes to the result's; a list of shapes for an
    # operation with several results.
    shape: Callable[..., Any]
    notation: Notation  # in pictures and formulas
    default_name: str  # what its operations are called in a graph
    # Whether it works element by element with broadcasting; `gradients` then sums what a rule
    # returns back to the shape of the operand.
    elementwise: bool = False
    effect: Effect = Effect.NONE  # what its kernel needs or does besides making results
    # A function of the first operand and those attributes that it names, whose result the kernel
    # takes as `shared`: the exponentials that a loss and its gradient begin with, once a run.
    shares: Callable[..., Any] | None = None
    # The dtypes and shapes of results that were found before, for operands of these: programs
    # build many operations alike.
    known_results: dict[Any, list[Any]] = field(default_factory=dict, init=False, repr=False)

    def operand_name(self, position: int) -> str:
        """The name of the operand at a position, as messages and constants use it."""
        if position < len(self.operands) and not self.operands[position].startswith("*"):
            return self.operands[position]
        return f"{self.operands[-1].lstrip('*')}_{position}" if self.operands else str(position)


REQUIRED = Parameter.empty  # the default of an attribute that has none

_operations: dict[str, OpDef] = {}


def register(definition: OpDef) -> None:
    """Make a type of operation known; a KeyError where the type is taken."""
    if definition.type in _operations:
        raise KeyError(f"There is already an operation of type {definition.type!r}.")
    _operations[definition.type] = definition


def operation_types() -> list[str]:
    """Every type of operation, in the order of registration."""
    return list(_operations)


def definition_of(op_type: str) -> OpDef:
    """The entry for a type of operation; a LookupError that names similar ones without it."""
    try:
        return _operations[op_type]
    except KeyError:
        hint = did_you_mean(op_type, _operations)
        raise LookupError(advise(f"There is no operation {op_type!r}.", advice=hint)) from None


GradientRule = Callable[..., Any]

_rules: dict[str, GradientRule | None] = {}


def gradient_rules() -> Mapping[str, GradientRule | None]:
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

    Examples
    --------
    >>> @tf.RegisterGradient("Upside down")
    ... def negated(op, dz):
    ...     return -dz
    >>> x = tf.constant(3.0)
    >>> with tf.get_default_graph().gradient_override_map({"Identity": "Upside down"}):
    ...     z = tf.identity(x)
    >>> print(tf.Session().run(tf.gradients(z * z, x)))
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
        if previous is not None and rule_origin(previous) != rule_origin(rule):
            # TensorFlow refuses; a notebook cell is run again and again, so we replace.
            warnings.warn(
                f"The gradient rule {self.op_type!r} was {rule_origin(previous)}; "
                f"it is now {rule_origin(rule)}.",
                stacklevel=2,
            )
        _rules[self.op_type] = rule
        return rule


def rule_origin(rule: GradientRule) -> str:
    """The file and name of a rule's definition: equal where one cell is run again."""
    return f"{rule.__module__}.{getattr(rule, '__qualname__', rule)}"


def NotDifferentiable(op_type: str) -> None:
    """Declare that a type of operation has no derivative: gradients through it are None.

    Parameters
    ----------
    op_type
        The type of operation, or any name for use with `Graph.gradient_override_map`.

    Examples
    --------
    >>> tf.NotDifferentiable("No way through")
    >>> x = tf.constant(3.0)
    >>> with tf.get_default_graph().gradient_override_map({"Identity": "No way through"}):
    ...     z = tf.identity(x)
    >>> print(tf.gradients(z, x))
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
    """The rule for one operation, after any `gradient_override_map`; a LookupError without one."""
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
