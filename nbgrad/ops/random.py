"""Random numbers, drawn anew in every run.

They come from NumPy's generators, so they are not TensorFlow's; with a seed, the sequence repeats
in every session.
"""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.core.registry import Effect
from nbgrad.ops.define import as_given, operation

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
    # Rounding to float32 may reach the upper bound, which is excluded.
    below = (
        np.nextafter(sample.dtype.type(maxval), sample.dtype.type(minval))
        if sample.dtype.kind == "f"
        else maxval - 1
    )
    return np.minimum(sample, below)[()]


@_source("TruncatedNormal", name="truncated_normal")
def _truncated_normal(*, shape, mean, stddev, dtype, seed, generator):
    """z = numbers from the normal distribution, drawn again where they lie beyond two deviations"""
    sample = np.asarray(generator.normal(size=shape))
    while (far := np.abs(sample) > 2).any():
        sample = np.where(far, generator.normal(size=shape), sample)
    return (mean + stddev * sample).astype(dtype.as_numpy_dtype)[()]


@operation("RandomShuffle", effect=Effect.RANDOM, symbol="🎲")
def random_shuffle(value, *, seed=None, generator):
    """The tensor with its rows in random order, drawn anew in every run; it has no gradient rule.

    >>> print(tf.Session().run(tf.reduce_sum(tf.random_shuffle([1.0, 2.0, 3.0]))))
    6.0
    """
    return generator.permutation(value)
