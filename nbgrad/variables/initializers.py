"""Initializers: functions of a shape and a dtype that build a variable's initial value."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nbgrad.dtypes import DType, as_dtype, float32
from nbgrad.graph import Tensor, get_default_graph
from nbgrad.ops.sources import constant


class Initializer:
    """Builds the initial value of a variable from its shape and dtype."""

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return self.build(tuple(shape), as_dtype(dtype or float32))

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        raise NotImplementedError


class Constant(Initializer):
    """The same number everywhere, or the given numbers."""

    def __init__(self, value: Any = 0, dtype: Any = None, verify_shape: bool = False) -> None:
        self.value = value

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        return constant(self.value, dtype, shape)


class Zeros(Constant):
    """Zeros."""

    def __init__(self, dtype: Any = None) -> None:
        super().__init__(0)

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        return constant(np.zeros(shape, dtype.as_numpy_dtype))


class Ones(Constant):
    """Ones."""

    def __init__(self, dtype: Any = None) -> None:
        super().__init__(1)


class RandomNormal(Initializer):
    """Normally distributed numbers."""

    op_type = "RandomStandardNormal"

    def __init__(
        self, mean: float = 0.0, stddev: float = 1.0, seed: int | None = None, dtype: Any = None
    ) -> None:
        self.settings: dict[str, Any] = {"mean": mean, "stddev": stddev, "seed": seed}

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        result: Tensor = get_default_graph().apply(
            self.op_type, shape=shape, dtype=dtype, **self.settings
        )
        return result


class TruncatedNormal(RandomNormal):
    """Normally distributed numbers, none more than two standard deviations from the mean."""

    op_type = "TruncatedNormal"


class RandomUniform(RandomNormal):
    """Evenly distributed numbers."""

    op_type = "RandomUniform"

    def __init__(
        self,
        minval: float = 0,
        maxval: float | None = None,
        seed: int | None = None,
        dtype: Any = None,
    ) -> None:
        self.settings = {"minval": minval, "maxval": maxval or 1.0, "seed": seed}


class VarianceScaling(Initializer):
    """Random numbers whose variance is `scale / n`, so that layers keep the size of signals.

    Parameters
    ----------
    mode
        What n counts: the inputs of a unit ("fan_in"), its outputs ("fan_out") or their mean
        ("fan_avg").
    distribution
        "uniform", "truncated_normal" (also "normal") or "untruncated_normal".
    """

    #: The standard deviation of a standard normal distribution cut off at ±2.
    OF_TRUNCATED = 0.87962566103423978

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        dtype: Any = None,
    ) -> None:
        if scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError("Invalid `mode` argument:", mode)
        self.scale, self.mode, self.distribution, self.seed = scale, mode, distribution, seed

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        fan_in, fan_out = fans(shape)
        count = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        stddev = math.sqrt(self.scale / max(1.0, count[self.mode]))
        chosen: Initializer
        if self.distribution == "uniform":
            limit = math.sqrt(3.0) * stddev
            chosen = RandomUniform(-limit, limit, self.seed)
        elif self.distribution == "untruncated_normal":
            chosen = RandomNormal(0.0, stddev, self.seed)
        else:
            chosen = TruncatedNormal(0.0, stddev / self.OF_TRUNCATED, self.seed)
        return chosen(shape, dtype)


class GlorotUniform(VarianceScaling):
    """Evenly distributed within ±√(6 / (inputs + outputs))."""

    def __init__(self, seed: int | None = None, dtype: Any = None) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed)


class GlorotNormal(VarianceScaling):
    """Truncated normal, with the standard deviation √(2 / (inputs + outputs))."""

    def __init__(self, seed: int | None = None, dtype: Any = None) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)


class Identity(Initializer):
    """The identity matrix, `gain` times."""

    def __init__(self, gain: float = 1.0, dtype: Any = None) -> None:
        self.gain = gain

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        if len(shape) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        return constant(self.gain * np.eye(*shape), dtype)


def fans(shape: tuple[int, ...]) -> tuple[float, float]:
    """How many inputs and outputs a unit has, for weights of this shape.

    The last two axes count inputs and outputs; axes before them are those of a window.
    """
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def default_initializer(dtype: DType) -> Initializer:
    """What `get_variable` takes where nothing is said: Glorot's, or zeros for integers."""
    return GlorotUniform() if dtype.is_floating else Zeros()


# Under these names TensorFlow-1 programs know them.
constant_initializer = Constant
glorot_normal_initializer = GlorotNormal
glorot_uniform_initializer = GlorotUniform
identity_initializer = Identity
ones_initializer = Ones
random_normal_initializer = RandomNormal
random_uniform_initializer = RandomUniform
truncated_normal_initializer = TruncatedNormal
variance_scaling_initializer = VarianceScaling
zeros_initializer = Zeros
