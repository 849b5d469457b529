"""Random numbers, drawn anew in every run.

They come from NumPy's generators, so they are not TensorFlow's; with a seed, the sequence
repeats in every session.
"""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.core.dtypes import int32
from nbgrad.core.registry import Effect, NotDifferentiable
from nbgrad.ops.define import as_given, operation


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
