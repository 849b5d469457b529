"""What a session keeps: the values of variables, and its generators of random numbers.

Those are NumPy's generators, so the numbers, drawn anew in every run, are not TensorFlow's; with a
seed, the sequence repeats in every session.
"""

import functools
import operator

import numpy as np

from nbgrad.core.errors import invalid
from nbgrad.core.registry import Effect
from nbgrad.core.shapes import assigned, brackets
from nbgrad.ops.define import as_given, operation, scalar_shape
from nbgrad.ops.indexing import check_within


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


def _rows_changed(op_type, symbol, change):
    """Register an operation that changes some rows of a variable, as often as each is named."""

    def scatter(ref, indices, updates):
        """z = the variable with some rows changed, as often as each is named"""
        check_within(indices, np.shape(ref)[0], "indices")
        if np.shape(updates) not in ((), (*np.shape(indices), *np.shape(ref)[1:])):
            given = (brackets(np.shape(each)) for each in (updates, indices, ref))
            raise invalid(
                "Must have updates.shape = indices.shape + params.shape[1:] or updates.shape = [], "
                "got updates.shape {}, indices.shape {}, params.shape {}".format(*given)
            )
        after = np.array(ref)
        change(after, indices, updates)
        return after

    _assignment(op_type, dtypes="T,I,T->T", effect=Effect.CHANGES, symbol=symbol)(scatter)


_rows_changed("ScatterUpdate", "[i] ←", operator.setitem)
_rows_changed("ScatterAdd", "[i] +=", np.add.at)
_rows_changed("ScatterSub", "[i] −=", np.subtract.at)
_rows_changed("ScatterMul", "[i] ×=", np.multiply.at)
_rows_changed("ScatterDiv", "[i] ÷=", np.divide.at)


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
