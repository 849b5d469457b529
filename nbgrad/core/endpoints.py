"""Arguments of `gradients` and results of gradient rules, made into tensors and checked."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Sequence
from typing import Any

from nbgrad.core import shapes
from nbgrad.core.dtypes import NESTS, DType, array_filled, int32
from nbgrad.core.errors import advise, did_you_mean
from nbgrad.core.graph import Graph, Operand, Operation, Tensor, graph_of, shape_of
from nbgrad.core.operands import as_tensor, graph_mismatch
from nbgrad.core.shapes import Shape, brackets, element_count, is_known
from nbgrad.core.traits import Effect


class UnconnectedGradients(enum.Enum):
    """The gradient for an x that no y depends on: None, or zeros of x's shape and dtype.

    Examples
    --------
    >>> x, y = tf.constant(1.0), tf.constant(2.0)
    >>> [dx] = tf.gradients(y, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    >>> print(tf.Session().run(dx))
    0.0
    """

    NONE = "none"
    ZERO = "zero"


def as_list(value: Any) -> list[Any]:
    """A list or tuple as a list, and anything else as a list of one."""
    return list(value) if isinstance(value, list | tuple) else [value]


def without_names(session: Any, *arguments: Any) -> list[Any]:
    """Ys, xs or stops with tensors in place of their names.

    The graph is that of the tensors among them, or else of the session, or the default graph.

    Raises
    ------
    ValueError
        If there is no tensor of a name.
    """
    each = [item for argument in arguments for item in as_list(argument)]
    tensors = [item for item in each if isinstance(item, Operand)]
    graph = session.graph if session is not None and not tensors else graph_of(*tensors)

    def of_name(item: Any) -> Any:
        return tensor_of_name(item, graph) if isinstance(item, str | bytes) else item

    return [
        type(argument)(map(of_name, argument))
        if type(argument) in (list, tuple)
        else of_name(argument)
        for argument in arguments
    ]


def tensor_of_name(name: str | bytes, graph: Graph) -> Tensor:
    """The tensor of a name, "mul:0"; the only result of an operation needs no number."""
    text = name.decode() if isinstance(name, bytes) else name
    for written in (text, f"{text}:0"):
        with contextlib.suppress(ValueError, KeyError):
            tensor = graph.get_tensor_by_name(written)
            if written == text or len(tensor.op.outputs) == 1:
                return tensor
    names = [tensor.name for op in graph.get_operations() for tensor in op.outputs]
    advice = did_you_mean(text if ":" in text else f"{text}:0", names)
    raise ValueError(advise(f"There is no tensor {text!r} in this graph.", advice=advice))


def tensor_of_y(y: Any, graph: Graph) -> Tensor:
    """A y as a tensor; what is none yet becomes a new constant, which depends on nothing."""
    if y is None:
        raise not_a_tensor(y, "ys takes tensors and variables, and this is None.")
    return as_tensor(y, graph, name="y")


def tensor_of_x(x: Any, ys: Sequence[Tensor], graph: Graph) -> Tensor:
    """An x as the tensor to differentiate with respect to: a variable itself, not a reading."""
    if x is None:
        raise not_a_tensor(x, "xs takes tensors and variables, and this is None.")
    inside = x.values() if isinstance(x, dict) else x if isinstance(x, list | tuple) else ()
    if any(isinstance(item, Operand) for item in inside):
        raise TypeError(
            advise(
                "List of Tensors when single Tensor expected",
                advice="xs is a tensor, or a flat list of tensors.",
            )
        )
    if not isinstance(x, Operand):
        return as_tensor(x, graph, name="x_0")
    tensor = x.as_graph_element()
    if tensor.graph is not graph:
        raise graph_mismatch(tensor, ys[0])
    return tensor


def operation_of_stop(item: Any) -> Operation:
    """The operation behind which a reverse pass does not go."""
    if not isinstance(item, Operand):
        advice = f"stop_gradients takes tensors and variables, and this is {item!r}."
        raise not_a_tensor(item, advice)
    return item.as_graph_element().op


def not_a_tensor(item: Any, advice: str, op: Operation | None = None) -> AttributeError:
    """The error for something else in the place of a tensor."""
    sentence = f"{type(item).__name__!r} object has no attribute 'op'"
    return AttributeError(advise(sentence, op, advice))


def seeds(ys: Sequence[Tensor], grad_ys: Any) -> list[Tensor]:
    """The seed of each y: ones, or the element of `grad_ys` for it."""
    given = [None] * len(ys) if grad_ys is None else as_list(grad_ys)
    if len(given) != len(ys):
        raise ValueError(
            advise(
                f"Passed {len(given)} grad_ys for {len(ys)} ys",
                advice="Give one seed for each y, of its shape; for a single vector y that is "
                "a list of one list: grad_ys=[[10., 100.]].",
            )
        )
    return [
        seed_of_ones(i, y) if seed is None else seed_from(i, y, seed)
        for i, (y, seed) in enumerate(zip(ys, given, strict=True))
    ]


def seed_of_ones(i: int, y: Tensor) -> Tensor:
    """Ones of y's shape: the sum of its elements is what is differentiated."""
    if y.dtype.is_complex:
        raise TypeError(
            advise(
                f"Gradients of complex tensors must set grad_ys (y.dtype = {y.dtype!r})",
                y.op,
                "A complex y has no one direction to grow in: say with grad_ys which.",
            )
        )
    if not (y.dtype.is_floating or y.dtype.is_integer):
        raise TypeError(
            advise(
                f"Expected {y.dtype.name}, got 1 of type 'int' instead.",
                y.op,
                "Truth values and texts have no slope: differentiate what they were made from.",
            )
        )
    graph, sizes = y.graph, shape_of(y)
    if isinstance(sizes, tuple):
        sizes = graph.constant(list(sizes), int32, "Shape")
    one = graph.constant(1, y.dtype, f"grad_ys_{i}")
    return graph.apply("Fill", one, shape=sizes)


def seed_from(i: int, y: Tensor, given: Any) -> Tensor:
    """The seed given for y, as a tensor of its own."""
    seed = as_tensor(given, y.graph, name="grad_y")
    real = seed.dtype.is_floating or seed.dtype.is_integer
    if not (real or (y.dtype.is_complex and seed.dtype.is_complex)):
        raise TypeError(
            advise(
                f"Gradient type {seed.dtype.name} generated for real or integer-valued tensor "
                f"{y} with type {y.dtype.name} must be real or integer",
                y.op,
                f"grad_ys[{i}] is its seed: give numbers of its dtype.",
            )
        )
    return y.graph.apply("Identity", seed, name=f"grad_ys_{i}")


def zeros_in_shape_of(
    tensor: Tensor, dtype: DType | None = None, name: str = "zeros_like"
) -> Tensor:
    """Zeros of a tensor's shape, and dtype unless another is given; a constant of a known shape."""
    shape: Any = tensor.static_shape
    wanted = dtype or tensor.dtype
    if is_known(shape):
        return tensor.graph.constant(array_filled(0, shape, wanted), wanted, name)
    if wanted is not tensor.dtype:
        zero = tensor.graph.constant(array_filled(0, (), wanted), wanted, f"{name}/Const")
        return tensor.graph.apply("Fill", zero, shape=shape_of(tensor), name=name)
    return tensor.graph.apply("ZerosLike", tensor, name=name)


def wants_zeros(choice: Any) -> bool:
    """Whether zeros are wanted for an x that received nothing."""
    try:
        return UnconnectedGradients(choice) is UnconnectedGradients.ZERO
    except ValueError:
        sentence = f"Unknown value for unconnected_gradients: {choice!r}"
        raise ValueError(advise(sentence, advice='Choose "none" or "zero".')) from None


# What rules return --------------------------------------------------------------------------


def one_for_each_input(op: Operation, returned: Any) -> list[Tensor | None]:
    """The gradients that a rule returned, as a list as long as the operation's inputs."""
    dxs = list(returned) if isinstance(returned, NESTS) else [returned]
    if len(dxs) == op.operand_count < len(op.inputs):
        # Tensors given for attributes (an axis, a shape) come after the operands: no slope.
        dxs += [None] * (len(op.inputs) - op.operand_count)
    if len(dxs) != len(op.inputs):
        raise ValueError(
            advise(
                f'Num gradients {len(dxs)} generated for op name: "{op.name}" op: "{op.type}" do '
                f"not match num inputs {len(op.inputs)}",
                op,
                "Return one gradient for each input, None where nothing flows.",
            )
        )
    for i, dx in enumerate(dxs):
        if dx is None or type(dx) is Tensor:
            continue
        if isinstance(dx, Operand):
            dxs[i] = dx.as_tensor()
        else:
            advice = "A gradient rule returns tensors: build it from nbgrad operations."
            raise not_a_tensor(dx, advice, op)
    return dxs


def fault_of_seed(op: Operation, dzs: Sequence[Tensor | None]) -> str:
    """A sentence on a gradient that arrived and does not fit the result; "" if all do."""
    for z, dz in zip(op.outputs, dzs, strict=True):
        if dz is None:
            continue
        if dz.dtype is not z.dtype:
            arrived, wanted = dz.dtype.name, z.dtype.name
        elif not shapes.compatible(dz.static_shape, z.static_shape):
            arrived, wanted = (f"shape {shapes.show(t.static_shape)}" for t in (dz, z))
        else:
            continue
        return (
            f"This is the gradient rule of {op.name!r}, created {op.line}: a gradient of {arrived} "
            f"arrived at its result, which is of {wanted}. Give grad_ys of each y's shape and "
            "dtype (1., not 1)."
        )
    return ""


def check_shape(op: Operation, position: int, wanted: Shape, got: Shape) -> None:
    """Refuse a gradient that has not the shape of the input that it is for.

    Of an element-wise operation it may be larger, where the input was repeated.
    """
    if op.definition.elementwise and len(op.inputs) > 1:
        if wanted is None or got is None or len(got) >= len(wanted):
            return
        # Nothing was repeated: the rule gave a number as the gradient of a vector.
        sentence = (
            f"Cannot reshape a tensor with {element_count(got)} elements to shape "
            f"{brackets(wanted)} ({element_count(wanted)} elements)"
        )
    else:
        if shapes.compatible(wanted, got):
            return
        sentence = (
            "Incompatible shapes between op input and calculated input gradient.  Forward "
            f"operation: {op.name}.  Input index: {position}. Original input shape: "
            f"{shapes.show(wanted)}.  Calculated input gradient shape: {shapes.show(got)}"
        )
    advice = "A rule, and each of the grad_ys, gives a gradient the shape of what it is for."
    raise ValueError(advise(sentence, op, advice))


def grouped_gradients(op: Operation, gradients: Sequence[Tensor | None]) -> list[Tensor | None]:
    """The gradients of one operation under TensorFlow's names for the group.

    There nothing goes on before all is there. Here it makes no difference: a run changes no
    variable before it has read it.
    """
    apart = op.effect is Effect.LEAVES_BRANCH  # each goes into a branch of its own
    if apart or sum(dx is not None for dx in gradients) < 2:
        return list(gradients)
    label = "tuple/control_dependency"
    return [None if dx is None else op.graph.apply("Identity", dx, name=label) for dx in gradients]
