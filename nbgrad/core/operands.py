"""Arguments of calls: their types, operands made of them; dtypes and shapes of the results.

`x * 2` means a tensor and a Python number. The number becomes a constant, in the graph of
the tensor and of its dtype; two tensors of different dtypes are refused, because a silent
cast would hide from the learner where a gradient loses precision or stops.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from inspect import Signature
from typing import TYPE_CHECKING, Any, TypeAlias

from nbgrad.core import dtypes
from nbgrad.core.attributes import static_attribute
from nbgrad.core.dtypes import NESTS, DType
from nbgrad.core.errors import ShapeError, advise
from nbgrad.core.face import OperationFace
from nbgrad.core.operators import Builder, Operators, T, holds_tensor, tensors_in
from nbgrad.core.registry import OpDef
from nbgrad.core.shapes import Shape, brackets
from nbgrad.core.traits import KINDS

if TYPE_CHECKING:
    import numpy.typing as npt

TensorLike: TypeAlias = "Operators[Any] | npt.ArrayLike | Sequence[Any]"
"""A tensor or a variable, or what becomes a constant: numbers, text, arrays, nested lists of them.

A list may hold tensors too, all of one dtype; they are stacked. Python's floats become float32 and
its integers int32 (int64 where they need it), unless a tensor beside them asks for another type.
"""

ArrayLike: TypeAlias = "npt.ArrayLike"
"""A value that is known now: a number, text, an array, or nested lists of them."""

Tensors: TypeAlias = "Operators[Any] | str | Sequence[Operators[Any] | str]"
"""A tensor or a variable, or a flat list of them: the ys and the xs of `gradients`.

The verbs that trace, draw, explain and check take the names of tensors ("mul:0"), too.
"""

Fetches: TypeAlias = (
    "Operators[Any] | OperationFace[Any] | str | Sequence[Fetches] | Mapping[Any, Fetches] | None"
)
"""What a session fetches: a tensor, a variable, an operation or the name of one.

Or a list, tuple, named tuple or dictionary of these, nested as you like; the values come back in
the same structure. None is what `gradients` may give; a session refuses it, and says why it is so.
"""

FeedDict: TypeAlias = "Mapping[Any, Any]"
"""Values for a run: from tensors, variables or names of tensors to numbers, arrays or lists.

A key may also be a tuple of tensors, and its value a tuple of as many values.
"""

InitializerLike: TypeAlias = "TensorLike | Callable[..., TensorLike] | type[Any]"
"""The start of a variable: a function of shape and dtype, such as `zeros_initializer()`.

Or its class, `zeros_initializer`; or a function of nothing, or the initial value itself.
"""

Setting: TypeAlias = "TensorLike | Callable[[], TensorLike]"
"""A setting of an optimizer, a scalar: a number, a tensor, or a function that returns either.

A tensor, such as a placeholder or a decay, is read again in every step; a function is called once,
while the graph is built.
"""


def as_tensor(value: Any, graph: Builder[T], dtype: DType | None = None, name: str = "Const") -> T:
    """`value` as a tensor of `graph`; what is not a tensor yet becomes a constant."""
    if isinstance(value, Operators):
        tensor = value.as_tensor()
        if tensor.graph is not graph:
            raise ValueError(f"{tensor} is not an element of this graph.")
        if dtype is not None and tensor.dtype is not dtype:
            raise ValueError(
                advise(
                    f"Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
                    f"{tensor.dtype.name}: '{tensor}'",
                    tensor.op,
                    f"Use tf.cast(tensor, tf.{dtype.name}).",
                )
            )
        return tensor
    if isinstance(value, NESTS) and holds_tensor(value):
        dtype = dtype or next(tensors_in(value)).dtype
        parts = [as_tensor(v, graph, dtype, f"{name}/{i}") for i, v in enumerate(value)]
        return graph.apply("Pack", *parts, name=name)
    try:
        return graph.constant(value, dtype, name)
    except TypeError:
        if isinstance(value, OperationFace):
            raise TypeError(
                advise(
                    f"Can't convert Operation '{value.name}' to Tensor (target dtype={dtype!r}, "
                    f"name={name!r}, as_ref=True)",
                    value,
                    "An operation makes tensors: take one of them, such as op.outputs[0].",
                )
            ) from None
        raise


def operand_tensors(
    definition: OpDef, values: Sequence[Any], graph: Builder[T], name: str
) -> tuple[T, ...]:
    """The operands as tensors of a graph; Python numbers take the dtype of those that are one."""
    tensors: list[Any] = [v.as_tensor() if isinstance(v, Operators) else None for v in values]
    for tensor in tensors:
        if tensor is not None and tensor.graph is not graph:
            other = next(t for t in tensors if t is not None and t.graph is graph)
            raise graph_mismatch(tensor, other)
    if None in tensors:
        chosen = chosen_dtypes(definition, tensors)
        for i, kind in enumerate(definition.dtypes.kinds(len(values))):
            if tensors[i] is None:
                wanted = dtypes.BY_NAME.get(kind) or chosen.get(kind)
                label = f"{name}/{definition.operand_name(i)}/"
                tensors[i] = as_tensor(values[i], graph, wanted, label)
                chosen.setdefault(kind, tensors[i].dtype)
    return tuple(tensors)


def chosen_dtypes(definition: OpDef, tensors: Sequence[Any]) -> dict[str, DType]:
    """The dtype that each letter of the signature stands for; None is an operand to come."""
    chosen: dict[str, DType] = {}
    first: dict[str, int] = {}
    kinds = definition.dtypes.kinds(len(tensors))
    for i, (kind, tensor) in enumerate(zip(kinds, tensors, strict=True)):
        if tensor is None:
            continue
        if kind not in chosen:
            check_kind(definition, kind, i, tensor.dtype)
            chosen[kind], first[kind] = tensor.dtype, i
        elif chosen[kind] is not tensor.dtype and kind != "A":
            if kind in dtypes.BY_NAME:
                check_kind(definition, kind, i, tensor.dtype)
            raise dtype_mismatch(definition, first[kind], i, tensors)
    return chosen


def check_kind(definition: OpDef, kind: str, position: int, dtype: DType) -> None:
    """Refuse a dtype that the operation is not made for."""
    accepts = KINDS.get(kind) or (lambda dtype: dtype.name == kind)
    if not accepts(dtype):
        if kind in dtypes.BY_NAME:
            raise TypeError(
                f"Input '{definition.operand_name(position)}' of '{definition.type}' Op has type "
                f"{dtype.name} that does not match expected type of {kind}.\n"
                f"Convert with tf.cast(…, tf.{kind})."
            )
        allowed = ", ".join(each.name for each in dtypes.ALL if accepts(each))
        raise TypeError(
            f"Value passed to parameter '{definition.operand_name(position)}' has DataType "
            f"{dtype.name} not in list of allowed values: {allowed}\n"
            f"{definition.type!r} takes no {dtype.name}: convert with tf.cast, or write 1.0 for 1."
        )


def dtype_mismatch(definition: OpDef, first: int, second: int, tensors: Sequence[Any]) -> TypeError:
    """The error for operands of different dtypes."""
    a, b = tensors[first], tensors[second]
    if definition.operands[-1].startswith("*"):
        types = ", ".join(t.dtype.name for t in tensors if t is not None)
        label = definition.operands[-1].lstrip("*")
        sentence = (
            f"Tensors in list passed to '{label}' of '{definition.type}' Op have types [{types}] "
            "that don't all match."
        )
    else:
        sentence = (
            f"Input '{definition.operand_name(second)}' of '{definition.type}' Op has type "
            f"{b.dtype.name} that does not match type {a.dtype.name} of argument "
            f"'{definition.operand_name(first)}'."
        )
    # An integer can become a float, which cannot become an integer without losing its fraction.
    wanted = b.dtype if a.dtype.is_integer and b.dtype.is_floating else a.dtype
    return TypeError(
        advise(sentence, b.op, f"Nothing is cast silently: use tf.cast(tensor, tf.{wanted.name}).")
    )


def graph_mismatch(tensor: Any, other: Any) -> ValueError:
    """The error for tensors of two graphs in one operation."""
    return ValueError(
        advise(
            f"{tensor} must be from the same graph as {other}.",
            tensor.op,
            "A tensor lives in the graph it was made in; build both in one `with graph."
            "as_default():`.",
        )
    )


# Arguments of a call by name -------------------------------------------------------------------


def binder(
    function: str, signature: Signature, partial: bool = False
) -> Callable[[Any, Any], dict[str, Any]]:
    """What gives the arguments by name; an error names the function that refuses them.

    `partial` leaves it to somebody else whether one is missing.
    """
    order, known = tuple(signature.parameters), signature.parameters.keys()
    each = signature.parameters.values()
    needed = {p.name for p in each if p.default is p.empty and not partial}

    def bind(args: Any, options: Any) -> dict[str, Any]:
        # What `signature.bind` finds, in a tenth of the time: operations are built by thousands.
        given = {**dict(zip(order, args, strict=False)), **options}
        if len(given) == len(args) + len(options) and needed <= given.keys() <= known:
            return given
        try:
            found = signature.bind_partial if partial else signature.bind
            return found(*args, **options).arguments
        except TypeError as error:
            raise TypeError(f"{function}() {error}") from None

    return bind


def operand_list(function: str, key: str, value: Any) -> list[Any]:
    """The operands of a variadic operation, which come as one list or as one array of them."""
    if isinstance(value, Operators) or not hasattr(value, "__len__"):
        raise TypeError(
            f"Expected list for '{key}' argument to '{function}' Op, not {value!r}.\n"
            f"Write {function}([a, b])."
        )
    if not len(value):
        kinds = "at least one Tensor/IndexedSlices with the same dtype and shape"
        raise ValueError(f"{key} must be a list of {kinds}")
    return list(value)


# What is known before any run ----------------------------------------------------------------


DTYPE_AND_SHAPE = operator.attrgetter("dtype.name", "static_shape")
#: So many dtypes and shapes of results are remembered for one type of operation.
MOST_KNOWN = 1000


def outputs_of(op: Any) -> list[tuple[DType, Shape]]:
    """The dtype and the static shape of each result of an operation."""
    definition = op.definition
    if op.attributes is not definition.attributes:
        return find_outputs(op)
    # Nothing but its operands decides, so whatever was found for such operands holds again.
    operands = tuple(map(DTYPE_AND_SHAPE, op.inputs))
    found = definition.known_results.get(operands)
    if found is None:
        if len(definition.known_results) >= MOST_KNOWN:
            definition.known_results.clear()
        found = definition.known_results[operands] = find_outputs(op)
    return found


def find_outputs(op: Any) -> list[tuple[DType, Shape]]:
    """The same, by the signature and the shape rule of its type."""
    definition = op.definition
    chosen = chosen_dtypes(definition, op.inputs[: op.operand_count])
    return [
        (output_dtype(definition, i, chosen, op.attributes), shape)
        for i, shape in enumerate(output_shapes(op))
    ]


def output_shapes(op: Any) -> list[Shape]:
    """The static shape of each result of an operation."""
    definition, attributes = op.definition, op.attributes
    kinds = definition.dtypes[1]
    if not kinds:
        return []
    if len(op.inputs) > op.operand_count:
        attributes = {}
        for key, value in op.attributes.items():
            attributes[key], known = static_attribute(key, value)
            if not known:
                return [None] * len(kinds)
    in_shapes = [t.static_shape for t in op.inputs[: op.operand_count]]
    try:
        found = definition.shape(*in_shapes, **attributes)
    except ShapeError as error:
        given = ", ".join(map(brackets, in_shapes))
        raise ValueError(
            advise(f"{error} for '{op.name}' (op: '{op.type}') with input shapes: {given}.", op)
        ) from None
    return found if isinstance(found, list) else [found]


def output_dtype(
    definition: OpDef, position: int, chosen: dict[str, DType], attributes: dict[str, Any]
) -> DType:
    """The dtype of a result: that of a letter, a dtype's name or an attribute's name.

    An attribute may hold one dtype for all results, or one for each; of any number of results, the
    last kind serves all that follow.
    """
    kinds = definition.dtypes.results
    kind = kinds[position] if position < len(kinds) else kinds[-1]
    found: Any = chosen.get(kind) or attributes.get(kind) or dtypes.BY_NAME[kind]
    return found[position] if isinstance(found, tuple) else found
