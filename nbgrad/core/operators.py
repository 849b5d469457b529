"""Python's operators on tensors: each builds an operation, by name, in the tensor's graph.

A name is all that an operator needs to know: what "Mul" means, the registry says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, NoReturn, Protocol, TypeVar

from nbgrad.core.dtypes import DType, float64
from nbgrad.core.errors import OperatorNotAllowedInGraphError, advise
from nbgrad.core.scopes import session_for

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Builder(Protocol[T_co]):
    """A graph, for those who only build in it: `T` is its class of tensors."""

    def apply(
        self, op_type: str, *values: Any, name: str | None = None, **attributes: Any
    ) -> Any: ...

    def constant(self, value: Any, dtype: DType | None = None, name: str = ...) -> T_co: ...


class Operators(Generic[T]):
    """The operators of what stands for a tensor."""

    # NumPy gives way in `array * tensor`, and the tensor's __rmul__ is asked.
    __array_priority__ = 100

    @property
    def graph(self) -> Builder[T]:
        """The graph it belongs to."""
        raise NotImplementedError

    def as_tensor(self) -> Any:
        """The tensor that it is or stands for."""
        raise TypeError(f"{type(self).__name__} stands for no tensor.")

    def as_graph_element(self) -> Any:
        """What a session fetches and feeds, and what `gradients` differentiates with respect to."""
        return self.as_tensor()

    def eval(self, feed_dict: Mapping[Any, Any] | None = None, session: Any = None) -> Any:
        """Its value, as a session computes it; by default the default session."""
        session = session_for(session, "Cannot evaluate tensor using `eval()`", "eval")
        return session.run(self, feed_dict)

    def __add__(self, other: Any) -> T:
        return self.graph.apply("AddV2", self, other, name="add")

    def __radd__(self, other: Any) -> T:
        return self.graph.apply("AddV2", other, self, name="add")

    def __sub__(self, other: Any) -> T:
        return self.graph.apply("Sub", self, other, name="sub")

    def __rsub__(self, other: Any) -> T:
        return self.graph.apply("Sub", other, self, name="sub")

    def __mul__(self, other: Any) -> T:
        return self.graph.apply("Mul", self, other, name="mul")

    def __rmul__(self, other: Any) -> T:
        return self.graph.apply("Mul", other, self, name="mul")

    def __truediv__(self, other: Any) -> T:
        return self.graph.apply("RealDiv", *real_operands(self, other), name="truediv")

    def __rtruediv__(self, other: Any) -> T:
        return self.graph.apply("RealDiv", *real_operands(other, self), name="truediv")

    def __floordiv__(self, other: Any) -> T:
        return self.graph.apply("FloorDiv", self, other, name="floordiv")

    def __rfloordiv__(self, other: Any) -> T:
        return self.graph.apply("FloorDiv", other, self, name="floordiv")

    def __mod__(self, other: Any) -> T:
        return self.graph.apply("FloorMod", self, other, name="mod")

    def __rmod__(self, other: Any) -> T:
        return self.graph.apply("FloorMod", other, self, name="mod")

    def __pow__(self, other: Any) -> T:
        return self.graph.apply("Pow", self, other, name="pow")

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
        return self.graph.apply("LogicalAnd", self, other, name="and")

    def __or__(self, other: Any) -> T:
        return self.graph.apply("LogicalOr", self, other, name="or")

    def __xor__(self, other: Any) -> T:
        return self.graph.apply("LogicalXor", self, other, name="xor")

    def __invert__(self) -> T:
        return self.graph.apply("LogicalNot", self)

    def __getitem__(self, index: Any) -> T:
        return self.graph.apply("StridedSlice", self, index=index, name="strided_slice")

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


def real_operands(x: Any, y: Any) -> list[Any]:
    """Two operands of a true division: tensors of integers become float64."""
    integers = [
        isinstance(value, Operators) and value.as_tensor().dtype.is_integer for value in (x, y)
    ]
    if any(integers) and any(isinstance(value, float) for value in (x, y)):
        raise TypeError(
            "x and y must have the same dtype, got tf.int32 != tf.float32\nUse tf.cast."
        )
    return [
        value.graph.apply("Cast", value, dtype=float64) if integer else value
        for value, integer in zip((x, y), integers, strict=True)
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
