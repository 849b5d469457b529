"""Random numbers, drawn anew in every run.

They come from NumPy's generators, so they are not TensorFlow's; with a seed, the sequence
repeats in every session.
"""

from __future__ import annotations

import functools
from typing import Any

from nbgrad.core.default_graph import get_default_graph, graph_of
from nbgrad.core.dtypes import as_dtype, float32
from nbgrad.core.graph import Operand, Tensor
from nbgrad.ops.arithmetic import add, multiply
from nbgrad.ops.define import attribute


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


def set_random_seed(seed: int | None) -> None:
    """Make every random operation of the default graph repeat its numbers in each new session.

    Parameters
    ----------
    seed : int or None
        Another number gives other numbers; None makes every session different again.

    Returns
    -------
    None
        The seed is kept by the graph.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     ng.set_random_seed(1)
    ...     x = ng.random_normal([])
    ...     print(ng.Session().run(x) == ng.Session().run(x))
    True
    """
    get_default_graph().seed = seed
