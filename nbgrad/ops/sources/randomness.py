"""Random numbers, drawn anew in every run.

They come from NumPy's generators, so they are not TensorFlow's; with a seed, the sequence
repeats in every session.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from nbgrad.dtypes import as_dtype, float32, int32
from nbgrad.graph import Operand, Tensor, graph_of
from nbgrad.ops.calling import attribute
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import add, multiply
from nbgrad.ops.shape_rules import as_given
from nbgrad.registry import Effect, NotDifferentiable


def _drawn_node(op, write):
    """The standard distribution, stretched and moved. TensorFlow draws other numbers from it."""
    dtype, settings = op.attributes["dtype"], op.attributes
    low = settings.get("mean", settings.get("minval"))
    width = settings["stddev"] if "stddev" in settings else settings["maxval"] - low
    seed = settings["seed"] or 0
    shape = write.setting(op, "shape")
    drawn = write.helper(op, op.type, op.type, [shape], T=int32, dtype=dtype, seed=seed, seed2=0)
    stretched = write.helper(
        op, "mul", "Mul", [drawn, write.constant(op, "width", width, dtype)], T=dtype
    )
    write.node(op, "AddV2", [stretched, write.constant(op, "low", low, dtype)], T=dtype)


#: A source of random numbers, 🎲 in pictures.
_source = functools.partial(
    operation, dtypes="->dtype", shape=as_given, node=_drawn_node, effect=Effect.RANDOM, symbol="🎲"
)


@_source("RandomStandardNormal", name="random_normal")
def _random_normal(*, shape, mean, stddev, dtype, seed, generator):
    """z = numbers from the normal distribution around a mean"""
    sample = generator.normal(mean, stddev, size=shape)
    return np.asarray(sample).astype(dtype.as_numpy_dtype)[()]


@_source("TruncatedNormal", name="truncated_normal")
def _truncated_normal(*, shape, mean, stddev, dtype, seed, generator):
    """z = numbers from the normal distribution, drawn again where they lie beyond two deviations"""
    sample = np.asarray(generator.normal(size=shape))
    while (far := np.abs(sample) > 2).any():
        sample = np.where(far, generator.normal(size=shape), sample)
    return (mean + stddev * sample).astype(dtype.as_numpy_dtype)[()]


@_source("RandomUniform", name="random_uniform")
def _random_uniform(*, shape, minval, maxval, dtype, seed, generator):
    """z = numbers between two bounds, the lower included, all equally likely"""
    draw = generator.integers if dtype.is_integer else generator.uniform
    sample = np.asarray(draw(minval, maxval, size=shape)).astype(dtype.as_numpy_dtype)
    # Rounding to float32 may reach the upper bound, which is excluded.
    below = (
        np.nextafter(sample.dtype.type(maxval), sample.dtype.type(minval))
        if sample.dtype.kind == "f"
        else maxval - 1
    )
    return np.minimum(sample, below)[()]


for _op_type in ("RandomStandardNormal", "TruncatedNormal", "RandomUniform"):
    NotDifferentiable(_op_type)


def random_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Numbers from the normal distribution, drawn anew in every run.

    Where mean and stddev are tensors, gradients reach them: z = mean + stddev · sample.

    Parameters
    ----------
    shape : sequence of int, or tensor of integers
    mean, stddev : number, or tensor of float, defaults 0.0 and 1.0
        The mean and the standard deviation.
    dtype : DType, default float32
        The dtype of the result.
    seed : int, optional
        Repeats the same numbers in every new session.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype` and shape `shape`.

    Raises
    ------
    TypeError
        If a tensor of means or deviations has another dtype.

    References
    ----------
    Kingma, Welling, "Auto-Encoding Variational Bayes", 2014, for gradients through a sample.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.random_normal([2], mean=5.0, stddev=0.0)))
    [5. 5.]
    """
    return _normal("RandomStandardNormal", shape, mean, stddev, dtype, seed, name)


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Numbers from the normal distribution, none of them beyond two standard deviations.

    They are drawn anew in every run, and again where they lie beyond.

    Parameters
    ----------
    shape : sequence of int, or tensor of integers
    mean, stddev : number, or tensor of float, defaults 0.0 and 1.0
        The mean and the standard deviation, before the tails are cut off.
    dtype : DType, default float32
        The dtype of the result.
    seed : int, optional
        Repeats the same numbers in every new session.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype` and shape `shape`.

    Raises
    ------
    TypeError
        If a tensor of means or deviations has another dtype.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.reduce_max(tf.abs(tf.truncated_normal([100])))) <= 2.0)
    True
    """
    return _normal("TruncatedNormal", shape, mean, stddev, dtype, seed, name)


def _normal(
    op_type: str, shape: Any, mean: Any, stddev: Any, dtype: Any, seed: Any, name: str | None
) -> Tensor:
    sizes = attribute("shape", shape)
    graph, wanted = graph_of(sizes, mean, stddev), as_dtype(dtype)
    draw = functools.partial(graph.apply, op_type, shape=sizes, dtype=wanted, seed=seed)
    if not any(isinstance(each, Operand) for each in (mean, stddev)):
        return draw(mean=mean, stddev=stddev, name=name)
    sample = draw(mean=0.0, stddev=1.0)
    return add(multiply(sample, stddev), mean, name=name)


def random_uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Numbers between two bounds, all equally likely, drawn anew in every run.

    Parameters
    ----------
    shape : sequence of int, or tensor of integers
    minval : number, default 0
        The lower bound, included.
    maxval : number, optional
        The upper bound, excluded; 1 by default for floats.
    dtype : DType, default float32
        The dtype of the result.
    seed : int, optional
        Repeats the same numbers in every new session.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype` and shape `shape`. No gradient passes.

    Raises
    ------
    ValueError
        For integers without an upper bound.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.random_uniform([2], 7, 8, dtype=tf.int32)))
    [7 7]
    """
    wanted = as_dtype(dtype)
    if maxval is None:
        if wanted.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {wanted!r}")
        maxval = 1
    sizes = attribute("shape", shape)
    bounds = {"minval": attribute("minval", minval), "maxval": attribute("maxval", maxval)}
    graph = graph_of(sizes, *bounds.values())
    settings = {**bounds, "dtype": wanted, "seed": seed}
    result: Tensor = graph.apply("RandomUniform", shape=sizes, name=name, **settings)
    return result
