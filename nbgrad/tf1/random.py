"""`tf.random`: tensors of random numbers, other ones in every run.

NumPy's generators make them, so they are not TensorFlow's; with a `seed` (of the operation, or of
the graph by `set_random_seed`) the sequence repeats in every new session. `shape` is a list of
sizes or a tensor of integers.
"""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.core.attributes import attribute
from nbgrad.core.dtypes import as_dtype, constant_array, float32, int32, int64
from nbgrad.core.graph import Operand, Tensor, get_default_graph, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.ops.arithmetic import add, multiply, negative
from nbgrad.ops.functions import log
from nbgrad.ops.parts import stack
from nbgrad.ops.shaping import size_along
from nbgrad.ops.sources import random_shuffle as shuffle
from nbgrad.tf1.left_out import absent
from nbgrad.tf1.signatures import argmax, expand_dims

# fmt: off
__all__ = [
    "categorical", "multinomial", "normal", "set_random_seed", "shuffle", "truncated_normal",
    "uniform",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("random", __all__)


def random_normal(shape, mean=0.0, stddev=1.0, dtype=float32, seed=None, name=None) -> Tensor:
    """Numbers from the normal distribution with a mean and a standard deviation.

    Where these are tensors, gradients reach them: z = mean + stddev · sample (Kingma, Welling,
    "Auto-Encoding Variational Bayes", 2014).

    >>> print(tf.Session().run(tf.random_normal([2], mean=5.0, stddev=0.0)))
    [5. 5.]
    """
    return _normal("RandomStandardNormal", shape, mean, stddev, dtype, seed, name)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=float32, seed=None, name=None) -> Tensor:
    """Numbers from the normal distribution, none of them beyond two standard deviations.

    `stddev` is that of the distribution before its tails are cut off.

    >>> print(tf.Session().run(tf.reduce_max(tf.abs(tf.truncated_normal([100])))) <= 2.0)
    True
    """
    return _normal("TruncatedNormal", shape, mean, stddev, dtype, seed, name)


def _normal(op_type: str, shape, mean, stddev, dtype, seed, name: str | None) -> Tensor:
    sizes = attribute("shape", shape)
    graph, wanted = graph_of(sizes, mean, stddev), as_dtype(dtype)
    if wanted.is_complex:
        allowed = "float16, bfloat16, float32, float64"
        problem = f"Value passed to parameter 'dtype' has DataType {wanted.name}"
        raise TypeError(f"{problem} not in list of allowed values: {allowed}")
    if not wanted.is_floating:
        constant_array(0.0 if isinstance(mean, Operand) else mean, wanted)  # refuses fractions
    draw = functools.partial(graph.apply, op_type, shape=sizes, dtype=wanted, seed=seed)
    if not any(isinstance(each, Operand) for each in (mean, stddev)):
        return draw(mean=mean, stddev=stddev, name=name)
    sample = draw(mean=0.0, stddev=1.0)
    return add(multiply(sample, stddev), mean, name=name)


def random_uniform(shape, minval=0, maxval=None, dtype=float32, seed=None, name=None) -> Tensor:
    """Numbers from `minval` up to, but without, `maxval`, all equally likely; no gradient passes.

    The upper bound is 1 by default for floats; integers need one.

    >>> print(tf.Session().run(tf.random_uniform([2], 7, 8, dtype=tf.int32)))
    [7 7]
    """
    wanted = as_dtype(dtype)
    if not (wanted.is_floating or wanted in (int32, int64)):
        raise ValueError(f"Invalid dtype {wanted!r}")
    if maxval is None:
        if wanted.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {wanted!r}")
        maxval = 1
    sizes = attribute("shape", shape)
    bounds = {"minval": attribute("minval", minval), "maxval": attribute("maxval", maxval)}
    if wanted.is_integer:
        for each in (each for each in bounds.values() if not isinstance(each, Operand)):
            constant_array(each, wanted)  # refuses fractions
    graph = graph_of(sizes, *bounds.values())
    settings = {**bounds, "dtype": wanted, "seed": seed}
    return graph.apply("RandomUniform", shape=sizes, name=name, **settings)


def multinomial(logits, num_samples: int, seed=None, name=None, output_dtype=int64) -> Tensor:
    """Numbers of classes, drawn with the probabilities softmax(logits), so many for each row.

    The largest of logit − log(−log u), for uniform random u, is such a class (Gumbel, 1954); no
    gradient passes.

    >>> print(tf.Session().run(tf.multinomial([[0.0, -1000.0]], 3)))
    [[0 0 0]]
    """
    graph = graph_of(logits)
    with graph.as_default(), graph.name_scope(name or "multinomial") as scope:
        x = expand_dims(as_tensor(logits, graph, name="logits"), 1)
        sizes = stack([size_along(x, 0), num_samples, size_along(x, 2)])
        u = random_uniform(sizes, float(np.finfo(np.float32).tiny), 1.0, seed=seed, dtype=x.dtype)
        noise = negative(log(negative(log(u))))
        return argmax(add(x, noise), 2, name=scope, output_type=output_dtype)


normal = random_normal
uniform = random_uniform
categorical = multinomial


def set_random_seed(seed: int | None) -> None:
    """Make every random operation of the default graph repeat its numbers in each new session.

    Another number gives other numbers; None makes every session different again.

    >>> tf.set_random_seed(1)
    >>> x = tf.random_normal([])
    >>> print(tf.Session().run(x) == tf.Session().run(x))
    True
    """
    get_default_graph().seed = seed
