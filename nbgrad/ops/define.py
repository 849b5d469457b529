r"""The decorators that turn a NumPy function into an operation.

    @elementwise("Mul", symbol="×", text="{x} · {y}", latex=r"{x} \cdot {y}")
    def multiply(x, y):
        \"\"\"z = x · y\"\"\"
        return x * y

registers the function as the kernel of "Mul" and gives back `multiply(x, y, name=None)`, which
builds such an operation in a graph. Positional parameters are operands, keyword-only ones
are attributes.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nbgrad.dtypes import as_dtype
from nbgrad.graph import apply
from nbgrad.operands import tensors_in
from nbgrad.registry import REQUIRED, Binds, Kernel, Notation, OpDef, Template, parse_signature, register
from nbgrad.shapes import Dimension, TensorShape, broadcast, same_as_first
from nbgrad.tensor import Operand

Builder = Callable[..., Any]


def operation(
    op_type: str,
    *,
    dtypes: str = "T->T",
    shape: Callable[..., Any] = same_as_first,
    symbol: str = "",
    text: Template = "",
    latex: Template = "",
    binds: Binds = Binds.ATOM,
    neutral: Mapping[str, float] | None = None,
    name: str | None = None,
    aliases: Mapping[str, str] | None = None,
    elementwise: bool = False,
    many: bool = False,
    stateful: str = "",
) -> Callable[[Kernel], Builder]:
    """Register the decorated NumPy function as the kernel of `op_type`.

    Parameters
    ----------
    op_type
        TensorFlow's name for the type of operation.
    dtypes
        Its signature: letters that must agree, or names of dtypes or of attributes.
    shape
        Its shape rule (see `nbgrad.registry.OpDef`).
    symbol, text, latex, binds, neutral
        How it is written; without `text` as a function, "tanh(x)".
    name
        The name its operations get in a graph, where that is not the type.
    aliases
        Older names of parameters, as `keep_dims` for `keepdims`.
    elementwise, many, stateful
        See `nbgrad.registry.OpDef`.

    Returns
    -------
    callable
        A decorator, which returns the function that builds the operation.
    """

    def decorate(kernel: Kernel) -> Builder:
        operands, attributes = parameters(kernel)
        written = symbol or kernel.__name__
        arguments = ", ".join("{" + operand.lstrip("*") + "}" for operand in operands)
        notation = Notation(
            written,
            text or f"{written}({arguments})",
            latex or text or rf"\operatorname{{{{{written}}}}}\left({arguments}\right)",
            binds,
            neutral or {},
        )
        register(
            OpDef(
                op_type,
                kernel,
                operands,
                attributes,
                parse_signature(dtypes),
                shape,
                notation,
                name or op_type,
                elementwise,
                many,
                stateful,
            )
        )
        return builder(op_type, kernel, operands, attributes, dict(aliases or {}))

    return decorate


def elementwise(op_type: str, *, dtypes: str = "", **options: Any) -> Callable[[Kernel], Builder]:
    """Register an operation that works element by element, with NumPy's broadcasting."""

    def decorate(kernel: Kernel) -> Builder:
        count = len(parameters(kernel)[0])
        signature = dtypes or ",".join("N" * count) + "->N"
        options.setdefault("shape", broadcast_operands)
        return operation(op_type, dtypes=signature, elementwise=True, **options)(kernel)

    return decorate


def broadcast_operands(*shapes: Any, **_attributes: Any) -> Any:
    """The shape rule of element-wise operations, whatever their attributes."""
    return broadcast(*shapes)


def parameters(kernel: Kernel) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The operands and the attributes (with defaults) that a kernel declares."""
    operands, attributes = [], {}
    for parameter in inspect.signature(kernel).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            operands.append(f"*{parameter.name}")
        elif parameter.kind is not parameter.KEYWORD_ONLY:
            operands.append(parameter.name)
        elif parameter.name != "generator":
            empty = parameter.default is parameter.empty
            attributes[parameter.name] = REQUIRED if empty else parameter.default
    return tuple(operands), attributes


def builder(
    op_type: str,
    kernel: Kernel,
    operands: tuple[str, ...],
    attributes: dict[str, Any],
    aliases: dict[str, str],
) -> Builder:
    """The public function that builds operations of this type.

    It takes the operands, the attributes and a name, in this order or by keyword. Operands
    of a variadic operation come as one list.
    """
    order = [*(operand.lstrip("*") for operand in operands), *attributes, "name"]
    variadic = bool(operands) and operands[-1].startswith("*")

    @functools.wraps(kernel)
    def build(*args: Any, **options: Any) -> Any:
        given = bind(build, order, aliases, args, options)
        name = given.pop("name", None)
        values = [take(build, given, operand.lstrip("*")) for operand in operands]
        if variadic:
            values[-1:] = values[-1]
        settings = {
            key: attribute(key, take(build, given, key, default))
            for key, default in attributes.items()
        }
        return apply(op_type, *values, name=name, **settings)

    optional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    build.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                key,
                optional,
                default=inspect.Parameter.empty
                if (value := attributes.get(key, None if key == "name" else REQUIRED)) is REQUIRED
                else value,
            )
            for key in order
        ]
    )
    return build


def bind(
    build: Builder,
    order: list[str],
    aliases: dict[str, str],
    args: tuple[Any, ...],
    options: dict[str, Any],
) -> dict[str, Any]:
    """The arguments by name; refuses what Python would refuse, in Python's words."""
    function = build.__name__
    if len(args) > len(order):
        raise TypeError(
            f"{function}() takes at most {len(order)} arguments ({len(args)} given): "
            f"{', '.join(order)}"
        )
    given = dict(zip(order, args, strict=False))
    for key, value in options.items():
        key = aliases.get(key, key)
        if key not in order:
            raise TypeError(f"{function}() got an unexpected keyword argument '{key}'")
        if key in given:
            raise TypeError(f"{function}() got multiple values for argument '{key}'")
        given[key] = value
    return given


def take(build: Builder, given: dict[str, Any], key: str, default: Any = REQUIRED) -> Any:
    value = given.get(key, default)
    if value is REQUIRED:
        raise TypeError(f"{build.__name__}() missing required argument: '{key}'")
    return value


def attribute(key: str, value: Any) -> Any:
    """An attribute in its normal form: dtypes as DType, sequences as tuples of Python numbers.

    A sequence that holds tensors becomes one tensor.
    """
    if key.endswith("dtype") and value is not None:
        return as_dtype(value)
    if isinstance(value, Operand):
        return value.as_tensor()
    if isinstance(value, TensorShape):
        value = value.as_list()
    if isinstance(value, list | tuple) and any(tensors_in(value)):
        return apply("Pack", *value)
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(attribute(key, item) for item in value)
    return value.value if isinstance(value, Dimension) else value
