"""From an operation's kernel to the function a user calls, with TensorFlow's arguments."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from nbgrad.dimension import Dimension
from nbgrad.dtypes import as_dtype
from nbgrad.graph import Operand, apply, graph_of
from nbgrad.graph.operands import constant_value, holds_tensor
from nbgrad.ops import docstrings
from nbgrad.registry import REQUIRED, Kernel, OpDef
from nbgrad.tensor_shape import TensorShape

Builder = Callable[..., Any]
Function = TypeVar("Function", bound=Callable[..., Any])


def builder(
    definition: OpDef, kernel: Kernel, order: Sequence[str], aliases: Mapping[str, str]
) -> Builder:
    """The public function that builds operations of this type.

    It takes the operands, the attributes and a name, in this order or in the one given, or by
    keyword. Operands of a variadic operation come as one list.
    """
    operands, attributes = definition.operands, definition.attributes
    names = [operand.lstrip("*") for operand in operands]
    order = order or [*names, *attributes, "name"]
    variadic = bool(operands) and operands[-1].startswith("*")

    @functools.wraps(kernel)
    def build(*args: Any, **options: Any) -> Any:
        given = bind(build, order, aliases, args, options)
        name = given.pop("name", None)
        values = [take(build, given, operand) for operand in names]
        if variadic:
            values[-1:] = operand_list(build, names[-1], values[-1])
        settings = {
            key: attribute(key, take(build, given, key, default))
            for key, default in attributes.items()
        }
        graph = graph_of(*values, *settings.values())
        return graph.apply(definition.type, *values, name=name, **settings)

    defaults = {**dict.fromkeys(names, REQUIRED), "name": None, **attributes}
    build.__signature__ = signature(  # type: ignore[attr-defined]
        tuple(order), *(defaults.get(key) for key in order)
    )
    if not kernel.__name__.startswith("_"):
        build.__doc__ = docstrings.complete(definition, order, aliases)
    return build


@functools.lru_cache(None, typed=True)  # hundreds of builders share a few; typed, as 1 == True
def signature(names: tuple[str, ...], *defaults: Any) -> inspect.Signature:
    """How a builder declares its arguments; those whose default is `REQUIRED` are needed."""
    kind, empty = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.empty
    return inspect.Signature(
        [
            inspect.Parameter(name, kind, default=empty if default is REQUIRED else default)
            for name, default in zip(names, defaults, strict=True)
        ]
    )


def bind(
    build: Builder,
    order: Sequence[str],
    aliases: Mapping[str, str],
    args: tuple[Any, ...],
    options: dict[str, Any],
) -> dict[str, Any]:
    """The arguments by name; refuses what Python would refuse, in Python's words."""
    function = build.__name__.lstrip("_")
    if len(args) > len(order):
        raise TypeError(
            f"{function}() takes at most {len(order)} arguments ({len(args)} given): "
            f"{', '.join(order)}"
        )
    if not (options or aliases):
        return dict(zip(order, args, strict=False))
    given: dict[str, Any] = {}
    for key, value in [*zip(order, args, strict=False), *options.items()]:
        if key not in order and key not in aliases:
            raise TypeError(f"{function}() got an unexpected keyword argument '{key}'")
        if key in aliases:
            if value is None or value is False:
                continue  # another name for it, not used
            key = aliases[key]
        if given.get(key) is not None:
            raise TypeError(f"{function}() got multiple values for argument '{key}'")
        given[key] = value
    return given


def take(build: Builder, given: dict[str, Any], key: str, default: Any = REQUIRED) -> Any:
    value = given.get(key, default)
    if value is REQUIRED:
        function = build.__name__.lstrip("_")
        raise TypeError(f"{function}() missing required argument: '{key}'")
    return value


def operand_list(build: Builder, key: str, value: Any) -> list[Any]:
    """The operands of a variadic operation, which come as one list or as one array of them."""
    if isinstance(value, Operand) or not hasattr(value, "__len__"):
        function = build.__name__.lstrip("_")
        raise TypeError(
            f"Expected list for '{key}' argument to '{function}' Op, not {value!r}.\n"
            f"Write {function}([a, b])."
        )
    if not len(value):
        raise ValueError(
            f"{key} must be a list of at least one Tensor/IndexedSlices with the same dtype and "
            "shape"
        )
    return list(value)


def attribute(key: str, value: Any) -> Any:
    """An attribute in its normal form: dtypes as DType, sequences as tuples of Python numbers.

    A constant counts as its value; a sequence that holds other tensors becomes one tensor.
    """
    if key == "index":
        return value  # NumPy's own form, with slices; tensors may stand inside
    if key.endswith(("dtype", "_type")) and value is not None:
        return as_dtype(value)
    if isinstance(value, Operand):
        tensor = value.as_tensor()
        value = constant_value(tensor)
        if value is None:
            return tensor
    if isinstance(value, TensorShape):
        value = value.as_list()
    if isinstance(value, list | tuple) and holds_tensor(value):
        parts = tuple(attribute(key, item) for item in value)
        return apply("Pack", *parts) if holds_tensor(parts) else parts
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple | range):
        return tuple(attribute(key, item) for item in value)
    return value.value if isinstance(value, Dimension) else value


declared = functools.cache(inspect.signature)


def composite(default_name: str) -> Callable[[Function], Function]:
    """A function written in operations: they share a name scope, as in TensorFlow.

    The scope is the argument `name`, or the default. The function finds the whole scope there
    and may give it to the operation that it ends with, which is then called so itself.
    """

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def build(*args: Any, **options: Any) -> Any:
            given = declared(function).bind(*args, **options)
            graph = graph_of(*given.arguments.values())
            with graph.name_scope(given.arguments.get("name") or default_name) as scope:
                given.arguments["name"] = scope
                return function(*given.args, **given.kwargs)

        return build  # type: ignore[return-value]

    return decorate
