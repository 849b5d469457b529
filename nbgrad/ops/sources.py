"""Sources of values: constants, placeholders, sequences, variables, random numbers.

A session keeps the values of its variables, and its generators. Those are NumPy's, so the numbers,
drawn anew in every run, are not TensorFlow's; with a seed, the sequence repeats in every session.
"""

import functools
from typing import Any

import numpy as np

from nbgrad.core.dtypes import array_filled, as_dtype, float32, int32
from nbgrad.core.endpoints import zeros_in_shape_of
from nbgrad.core.errors import ShapeError, UnfedPlaceholderError, advise, invalid
from nbgrad.core.graph import Tensor, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import as_given, assigned, brackets, must_have_rank, scalar_shape
from nbgrad.core.traits import Effect
from nbgrad.ops.define import operation
from nbgrad.ops.shaping import cast


@operation(
    "Const",
    "const",
    dtypes="->dtype",
    shape=lambda *, value, dtype: np.shape(value),
    effect=Effect.CONSTANT,
)
def _const(*, value, dtype):
    """z = a value"""
    return value


@operation("Placeholder", "in", dtypes="->dtype", shape=as_given)
def _placeholder(*, dtype, shape):
    """z = what is fed"""
    known = f" and shape {brackets(shape)}" if shape else ""
    short = {"float32": "float", "float64": "double"}.get(dtype.name, dtype.name)
    raise UnfedPlaceholderError(None, None, f"with dtype {short}{known}")


@operation("PlaceholderWithDefault", "in", "{input}", shape=as_given, rule=lambda dz, x, z: dz)
def _placeholder_with_default(input, *, shape):
    """z = what is fed, or x"""
    return input


@operation("ZerosLike", "0", "0", name="zeros_like", differentiable=False)
def _zeros_like(tensor):
    """z = zeros of the shape and dtype of x"""
    return array_filled(0, np.shape(tensor), as_dtype(np.asarray(tensor).dtype))


def zeros_like(tensor: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Zeros in the shape of a tensor; a constant where it is known before a run.

    >>> print(tf.Session().run(tf.zeros_like([3.0, 4.0])))
    [0. 0.]
    """
    x = as_tensor(tensor, graph_of(tensor), name="tensor")
    return zeros_in_shape_of(x, None if dtype is None else as_dtype(dtype), name or "zeros_like")


@operation("OnesLike", "1", "1", name="ones_like", differentiable=False)
def _ones_like(tensor):
    """z = ones of the shape and dtype of x"""
    return np.ones_like(tensor)


def ones_like(tensor: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Ones in the shape of a tensor; a constant where it is known before a run.

    >>> print(tf.Session().run(tf.ones_like([3.0, 4.0])))
    [1. 1.]
    """
    x = as_tensor(tensor, graph_of(tensor), name="tensor")
    wanted = x.dtype if dtype is None else as_dtype(dtype)
    array_filled(1, (), wanted)  # refuses texts, of which none is one
    return _ones_like(x if wanted is x.dtype else cast(x, wanted), name)


def _fill_shape(_value, *, shape):
    """The shape that `shape` says."""
    if isinstance(shape, int):
        raise ShapeError("Shape must be rank 1 but is rank 0")
    if shape is not None and any(size is not None and size < 0 for size in shape):
        raise ShapeError("Fill dimensions must be >= 0")
    return shape


@operation("Fill", "fill", "{value}", shape=_fill_shape)
def _fill(value, *, shape):
    """z = a tensor of a shape, in which every element is x"""
    if np.ndim(value):
        raise invalid(f"value must be a scalar, got shape {brackets(np.shape(value))}")
    return np.full(shape, value, dtype=value.dtype) if len(shape) else value


@RegisterGradient("Fill")
def _fill_grad(op, dz):
    return dz.graph.apply("Sum", dz, axis=None, keepdims=False)


def _range_shape(*, start, limit, delta, dtype):
    """A vector, as long as the steps are many."""
    for bound in (start, limit, delta):
        must_have_rank(np.shape(bound), 0)
    if wrong := wrong_steps(start, limit, delta):
        raise ShapeError(wrong)
    return (None if None in (start, limit, delta) else len(np.arange(start, limit, delta)),)


def wrong_steps(start, limit, delta):
    """The fault of steps that never reach the limit; each may be unknown, None."""
    if delta is not None and delta == 0:
        return "Requires delta != 0"
    if None in (start, limit, delta) or (limit - start) * delta >= 0:
        return ""
    signs = "<= limit when delta >" if delta > 0 else ">= limit when delta <"
    return f"Requires start {signs} 0: {start}/{limit}"


@operation("Range", "0…n", dtypes="->dtype", shape=_range_shape, name="range", differentiable=False)
def _range(*, start, limit, delta, dtype):
    """z = start, start + δ, … up to a limit, which is excluded"""
    if wrong := wrong_steps(start, limit, delta):
        raise invalid(wrong)
    return np.arange(start, limit, delta).astype(dtype.as_numpy_dtype)


def range_(start, limit=None, delta=1, dtype=None, name="range") -> Tensor:
    """The numbers from a start, in steps, up to a limit, which is excluded.

    >>> print(tf.Session().run(tf.range(1.0, 0.0, -0.5)))
    [1.  0.5]
    """
    first, last = (0, start) if limit is None else (start, limit)
    for bound in (first, last, delta):
        if isinstance(bound, Tensor) and bound.static_shape:
            problem = f"Shape must be rank 0 but is rank {len(bound.static_shape)} for 'range'"
            raise ValueError(advise(problem, bound.op, "Give tf.range scalars, such as x[0]."))
    return _range(first, last, delta, dtype or common_dtype([first, last, delta]), name)


def common_dtype(values: list[Any]) -> Any:
    """The dtype that holds them all: a tensor's or an array's own, else int32 or float32."""
    usual = float32 if any(isinstance(v, float) for v in values) else int32
    own = [as_dtype(v.dtype) for v in values if hasattr(v, "dtype")]
    return max(own, key=lambda dtype: (dtype.is_floating, dtype.size), default=usual)


def _linspace_shape(start, stop, *, num):
    """A vector of `num` numbers."""
    for bound in (start, stop):
        must_have_rank(bound, 0)
    return (num,)


@operation("LinSpace", "…", dtypes="F,F->F", shape=_linspace_shape, differentiable=False)
def linspace(start, stop, *, num):
    """Numbers from a start to a stop, both included, at equal distances; no gradient passes.

    >>> print(tf.Session().run(tf.linspace(0.0, 1.0, 5)))
    [0.   0.25 0.5  0.75 1.  ]
    """
    if num < 1:
        raise invalid(f"Requires num > 0: {num}")
    return np.linspace(start, stop, num, dtype=start.dtype)


# Variables


@operation(
    "VariableV2", "var", dtypes="->dtype", shape=as_given, name="Variable", effect=Effect.HOLDS
)
def _variable(*, shape, dtype):
    """z = what the session holds for the variable"""
    raise AssertionError("A session reads variables itself.")


_assignment = functools.partial(operation, dtypes="T,T->T", differentiable=False)


@_assignment(
    "Assign",
    "←",
    shape=lambda ref, value, *, validate_shape: assigned(ref, value) if validate_shape else value,
    effect=Effect.SETS,
)
def _assign(ref, value, *, validate_shape=True):
    """z = x, the variable's new value"""
    return value


@_assignment("AssignAdd", "+=", shape=assigned, effect=Effect.CHANGES)
def _assign_add(ref, value):
    """z = the variable + x, its new value"""
    return ref + value


@_assignment("AssignSub", "−=", shape=assigned, effect=Effect.CHANGES)
def _assign_sub(ref, value):
    """z = the variable − x, its new value"""
    return ref - value


@operation(
    "IsVariableInitialized",
    "ready?",
    dtypes="A->bool",
    shape=scalar_shape,
    effect=Effect.PEEKS,
    differentiable=False,
)
def _is_variable_initialized(ref):
    """z = whether the variable has a value"""
    return np.bool_(ref is not None)


@_assignment("InitializedValue", "or initial", effect=Effect.PEEKS)
def _initialized_value(ref, initial):
    """z = the variable's value, or x where it has none"""
    return initial if ref is None else ref


@operation(
    "UninitializedNames",
    "not ready",
    dtypes="A->string",
    shape=lambda *_refs, names: (None,),
    effect=Effect.PEEKS,
)
def _uninitialized_names(*refs, names):
    """z = the names of those variables that have no value"""
    missing = [name.encode() for name, value in zip(names, refs, strict=True) if value is None]
    return np.array(missing, dtype=object)


# Random numbers

#: The decorator for a source of random numbers, 🎲 in pictures.
_source = functools.partial(
    operation,
    dtypes="->dtype",
    shape=as_given,
    effect=Effect.RANDOM,
    symbol="🎲",
    differentiable=False,
)


@_source("RandomStandardNormal", name="random_normal")
def _random_normal(*, shape, mean, stddev, dtype, seed, generator):
    """z = numbers from the normal distribution around a mean"""
    sample = generator.normal(mean, stddev, size=shape)
    return np.asarray(sample).astype(dtype.as_numpy_dtype)[()]


@_source("RandomUniform", name="random_uniform")
def _random_uniform(*, shape, minval, maxval, dtype, seed, generator):
    """z = numbers between two bounds, the lower included, all equally likely"""
    draw = generator.integers if dtype.is_integer else generator.uniform
    sample = np.asarray(draw(minval, maxval, size=shape)).astype(dtype.as_numpy_dtype)
    if dtype.is_integer:
        return sample[()]
    # Rounding to float32 may reach the upper bound, which is excluded.
    low, high = sample.dtype.type(minval), sample.dtype.type(maxval)
    return np.minimum(sample, np.nextafter(high, low))[()]


@_source("TruncatedNormal", name="truncated_normal")
def _truncated_normal(*, shape, mean, stddev, dtype, seed, generator):
    """z = numbers from the normal distribution, drawn again where they lie beyond two deviations"""
    sample = np.asarray(generator.normal(size=shape))
    while (far := np.abs(sample) > 2).any():
        sample = np.where(far, generator.normal(size=shape), sample)
    return (mean + stddev * sample).astype(dtype.as_numpy_dtype)[()]


@operation("RandomShuffle", "🎲", effect=Effect.RANDOM)
def random_shuffle(value, *, seed=None, generator):
    """The tensor with its rows in random order, drawn anew in every run; it has no gradient rule.

    >>> print(tf.Session().run(tf.reduce_sum(tf.random_shuffle([1.0, 2.0, 3.0]))))
    6.0
    """
    return generator.permutation(value)
