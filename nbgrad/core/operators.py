"""Python's operators on tensors: each builds an operation, by name, in the tensor's graph.

A name is all that an operator needs to know: what "Mul" means, the registry says.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from typing import Any, Generic, NoReturn, Protocol, TypeVar

from nbgrad.core.dtypes import (
    DType,
    as_dtype,
    constant_array,
    float32,
    float64,
    leaves,
    with_leaves,
)
from nbgrad.core.errors import OperatorNotAllowedInGraphError, advise
from nbgrad.core.scopes import session_for
from nbgrad.core.shapes import Dimension

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Builder(Protocol[T_co]):
    """A graph, for those who only build in it: `T` is its class of tensors."""

    def apply(
        self, op_type: str, *values: Any, name: str | None = None, **attributes: Any
    ) -> Any: ...

    def constant(self, value: Any, dtype: DType | None = None, name: str = ...) -> T_co: ...


class Operators(Generic[T]):
    """Python's operators for tensors and variables."""

    # NumPy gives way in `array * tensor`, and Python calls the tensor's __rmul__.
    __array_priority__ = 100

    graph: Any  # that it belongs to

    def as_tensor(self) -> Any:
        """The tensor that it is or stands for."""
        raise TypeError(f"{type(self).__name__} stands for no tensor.")

    def as_graph_element(self) -> Any:
        """The tensor that stands for it in fetches, feeds and xs."""
        return self.as_tensor()

    def eval(self, feed_dict: Mapping[Any, Any] | None = None, session: Any = None) -> Any:
        """Its value, as a session computes it; by default the default session."""
        session = session_for(session, "Cannot evaluate tensor using `eval()`", "eval")
        return session.run(self, feed_dict)

    def _before(self, other: Any, op_type: str, name: str) -> T:
        """The operation with this tensor on the left, whose dtype a number on the right follows.

        What cannot follow becomes a tensor of its own dtype, which the operation then refuses.
        """
        try:
            return self.graph.apply(op_type, self, other, name=name)
        except TypeError:
            if isinstance(other, Operators):
                raise
            own = self.graph.constant(other, name=f"{name}/y")
            return self.graph.apply(op_type, self, own, name=name)

    def __add__(self, other: Any) -> T:
        return self._before(other, "AddV2", "add")

    def __radd__(self, other: Any) -> T:
        return self.graph.apply("AddV2", other, self, name="add")

    def __sub__(self, other: Any) -> T:
        return self._before(other, "Sub", "sub")

    def __rsub__(self, other: Any) -> T:
        return self.graph.apply("Sub", other, self, name="sub")

    def __mul__(self, other: Any) -> T:
        return self._before(other, "Mul", "mul")

    def __rmul__(self, other: Any) -> T:
        return self.graph.apply("Mul", other, self, name="mul")

    def __truediv__(self, other: Any) -> T:
        return self.graph.apply("RealDiv", *real_operands(self, other), name="truediv")

    def __rtruediv__(self, other: Any) -> T:
        return self.graph.apply("RealDiv", *real_operands(other, self), name="truediv")

    def __floordiv__(self, other: Any) -> T:
        return self._before(other, "FloorDiv", "floordiv")

    def __rfloordiv__(self, other: Any) -> T:
        return self.graph.apply("FloorDiv", other, self, name="floordiv")

    def __mod__(self, other: Any) -> T:
        return self._before(other, "FloorMod", "mod")

    def __rmod__(self, other: Any) -> T:
        return self.graph.apply("FloorMod", other, self, name="mod")

    def __pow__(self, other: Any) -> T:
        return self._before(other, "Pow", "pow")

    def __rpow__(self, other: Any) -> T:
        return self.graph.apply("Pow", other, self, name="pow")

    def __matmul__(self, other: Any) -> T:
        return self.graph.apply("MatMul", self, other, name="matmul")

    def __rmatmul__(self, other: Any) -> T:
        return self.graph.apply("MatMul", other, self, name="matmul")

    def __neg__(self) -> T:
        return self.graph.apply("Neg", self)

    def __abs__(self) -> T:
        return self.graph.apply("Abs", self)

    def __lt__(self, other: Any) -> T:
        return self.graph.apply("Less", self, other)

    def __le__(self, other: Any) -> T:
        return self.graph.apply("LessEqual", self, other)

    def __gt__(self, other: Any) -> T:
        return self.graph.apply("Greater", self, other)

    def __ge__(self, other: Any) -> T:
        return self.graph.apply("GreaterEqual", self, other)

    def __and__(self, other: Any) -> T:
        return self._before(other, "LogicalAnd", "and")

    def __rand__(self, other: Any) -> T:
        return self.graph.apply("LogicalAnd", other, self, name="and")

    def __or__(self, other: Any) -> T:
        return self._before(other, "LogicalOr", "or")

    def __ror__(self, other: Any) -> T:
        return self.graph.apply("LogicalOr", other, self, name="or")

    def __xor__(self, other: Any) -> T:
        return self._before(other, "LogicalXor", "xor")

    def __rxor__(self, other: Any) -> T:
        return self.graph.apply("LogicalXor", other, self, name="xor")

    def __invert__(self) -> T:
        return self.graph.apply("LogicalNot", self)

    def __getitem__(self, index: Any) -> T:
        return self.graph.apply("StridedSlice", self, index=as_index(index), name="strided_slice")

    def __bool__(self) -> NoReturn:
        raise no_value_yet(self, "using a `tf.Tensor` as a Python `bool`", "tf.where or tf.cond")

    def __iter__(self) -> NoReturn:
        raise no_value_yet(self, "iterating over `tf.Tensor`", "tf.unstack")

    def __len__(self) -> NoReturn:
        raise TypeError(
            f"len is not well defined for symbolic Tensors. ({self.as_tensor().name}) Please call "
            "`x.shape` rather than `len(x)` for shape information."
        )

    def __array__(self, *_args: Any, **_options: Any) -> NoReturn:
        raise NotImplementedError(
            f"Cannot convert a symbolic Tensor ({self.as_tensor().name}) to a numpy array.\n"
            "It has no value until a Session runs it: use Session().run(tensor), or nbgrad's "
            "own function in place of NumPy's."
        )


def as_index(index: Any) -> Any:
    """An index of numbers, scalar tensors, slices of them, `...` and None; it takes nothing twice.

    Raises
    ------
    TypeError
        If there is something else in it, such as a list of positions or a mask.
    """
    return tuple(map(index_entry, index)) if isinstance(index, tuple) else index_entry(index)


def index_entry(entry: Any) -> Any:
    if isinstance(entry, slice):
        bounds = (entry.start, entry.stop, entry.step)
        return slice(*(None if bound is None else index_number(bound) for bound in bounds))
    return entry if entry is None or entry is Ellipsis else index_number(entry)


def index_number(number: Any) -> Any:
    """A whole number as Python's, or the scalar tensor of one."""
    if isinstance(number, Operators):
        tensor = number.as_tensor()
        if tensor.dtype.is_integer and not tensor.static_shape:
            return number
    elif not isinstance(number, bool | list | tuple):
        try:
            return operator.index(number)
        except TypeError:
            pass
    raise TypeError(
        advise(
            "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
            f"tf.int32/tf.int64 tensors are valid indices, got {number!r}",
            advice=instead_of_index(number),
        )
    )


def instead_of_index(index: Any) -> str:
    """Advice in place of an index that is refused."""
    if isinstance(index, Dimension):
        return "This size is not known yet: tf.shape(tensor)[0] is a tensor of it."
    values = index if isinstance(index, list | tuple) else [index]
    dtypes = {str(getattr(value, "dtype", type(value).__name__)) for value in values}
    if any("bool" in dtype for dtype in dtypes):
        return "What a mask chooses: tf.boolean_mask(tensor, mask)."
    if any("float" in dtype for dtype in dtypes):
        return "A position is a whole number: write 6 // 2, or int(…), or tf.cast(…, tf.int32)."
    if isinstance(index, str):
        return "A position is a whole number."
    return (
        "Several positions at once, also one of them twice: tf.gather(tensor, [0, 0]), or "
        "tf.gather_nd for rows of positions. One element: tensor[0, 0]."
    )


def real_operands(x: Any, y: Any) -> list[Any]:
    """Two operands of a true division, of one dtype: tensors of integers become floats."""
    operands: list[Any] = [v.as_tensor() if isinstance(v, Operators) else v for v in (x, y)]
    dtypes = [v.as_tensor().dtype for v in operands if isinstance(v, Operators)]
    if len(dtypes) == 1:
        right = isinstance(x, Operators)
        number = operands[right]
        try:
            if next(leaves(number, Operators), None) is None:
                operands[right] = constant_array(number, dtypes[0])
        except TypeError:
            if not right:
                raise
            dtypes.append(as_dtype(constant_array(number).dtype))
    if len(set(dtypes)) > 1:
        a, b = dtypes
        advice = f"Use tf.cast(tensor, {b if a.is_integer else a!r})."
        raise TypeError(
            advise(f"x and y must have the same dtype, got {a!r} != {b!r}", advice=advice)
        )
    if not dtypes or not dtypes[0].is_integer:
        return operands
    wanted = float64 if dtypes[0].size > 2 else float32
    return [
        v.graph.apply("Cast", v, dtype=wanted) if isinstance(v, Operators) else v for v in operands
    ]


def no_value_yet(operand: Any, use: str, instead: str) -> OperatorNotAllowedInGraphError:
    """The error for using a tensor as if it had a value already."""
    return OperatorNotAllowedInGraphError(
        advise(
            f"{use} is not allowed in Graph execution. Use Eager execution or decorate this "
            "function with @tf.function.",
            operand.as_tensor().op,
            f"nbgrad knows neither: use {instead}, or run the tensor in a Session first.",
        )
    )


def tensors_in(value: Any) -> Iterator[Any]:
    """The tensors inside an attribute: itself, or within nested lists, tuples and slices."""
    return (operand.as_tensor() for operand in leaves(value, Operators))


def holds_tensor(value: Any) -> bool:
    """Whether there is a tensor inside an attribute."""
    return next(tensors_in(value), None) is not None


def replace_tensors(value: Any, by: Any) -> Any:
    """An attribute in which `by(tensor)` stands for each tensor."""
    return with_leaves(value, Operators, lambda operand: by(operand.as_tensor()))
