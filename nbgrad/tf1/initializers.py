"""`tf.initializers`: functions of a shape and a dtype that build a variable's initial value.

`tf.initializers.zeros` is also `tf.zeros_initializer`, and so on. `seed` makes random numbers the
same in every session (they are NumPy's, not TensorFlow's); None leaves them to chance. `dtype` is
that of a value without a variable, which has its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nbgrad.core.dtypes import DType, DTypeLike, as_dtype, float32
from nbgrad.core.graph import Tensor
from nbgrad.core.operands import TensorLike
from nbgrad.tf1 import random, tensors
from nbgrad.tf1.left_out import absent
from nbgrad.tf1.signatures import called
from nbgrad.tf1.variables import global_variables_initializer as global_variables
from nbgrad.tf1.variables import local_variables_initializer as local_variables
from nbgrad.tf1.variables import variables_initializer as variables

# fmt: off
__all__ = [
    "constant", "global_variables", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform",
    "identity", "lecun_normal", "lecun_uniform", "local_variables", "ones", "random_normal",
    "random_uniform", "truncated_normal", "variables", "variance_scaling", "zeros",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("initializers", __all__)


class Initializer:
    """The builder of a variable's initial value, from its shape and dtype.

    A subclass says in `build` how.
    """

    dtype: DTypeLike | None = None

    def __call__(self, shape, dtype=None, partition_info=None) -> Tensor:
        return self.build(tuple(shape), as_dtype(dtype or self.dtype or float32))

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        """The initial value, a tensor of this shape and dtype."""
        raise NotImplementedError


@dataclass(eq=False, repr=False)
class Constant(Initializer):
    """The same number everywhere, or the numbers of an array.

    Fewer than the variable has elements are filled up with the last. `verify_shape` has no effect.

    >>> print(tf.Session().run(tf.constant_initializer(5.0)([2])))
    [5. 5.]
    """

    value: TensorLike = 0
    dtype: DTypeLike | None = None
    verify_shape: bool = False

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        return tensors.constant(self.value, dtype, shape)


@dataclass(eq=False, repr=False)
class Zeros(Initializer):
    """Zeros.

    >>> print(tf.Session().run(tf.zeros_initializer()([2])))
    [0. 0.]
    """

    dtype: DTypeLike | None = None

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        return tensors.zeros(shape, dtype, name=None)


class Ones(Zeros):
    """Ones.

    >>> print(tf.Session().run(tf.ones_initializer()([2])))
    [1. 1.]
    """

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        return tensors.ones(shape, dtype, name=None)


@dataclass(eq=False, repr=False)
class Identity(Initializer):
    """The identity matrix, times a number `gain`.

    >>> print(tf.Session().run(tf.identity_initializer(2.0)([2, 2])))
    [[2. 0.]
     [0. 2.]]
    """

    gain: float = 1.0
    dtype: DTypeLike | None = None

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        if len(shape) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        return tensors.constant(self.gain * np.eye(*shape), dtype)


class RandomValues(Initializer):
    """Random numbers of a function of `tf.random`, whose arguments are the fields."""

    _draw: ClassVar[Callable[..., Tensor]]

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        return self._draw(shape, **{**vars(self), "dtype": dtype})


@dataclass(eq=False, repr=False)
class RandomNormal(RandomValues):
    """Random numbers from a normal distribution with a mean and a standard deviation.

    >>> print(tf.random_normal_initializer(stddev=0.1)([3, 4]))
    Tensor("random_normal:0", shape=(3, 4), dtype=float32)
    """

    mean: float = 0.0
    stddev: float = 1.0
    seed: int | None = None
    dtype: DTypeLike | None = None

    _draw = staticmethod(random.random_normal)


class TruncatedNormal(RandomNormal):
    """Random numbers from a normal distribution, none more than two standard deviations off.

    `stddev` is that of the distribution before it is cut off.

    >>> w = tf.truncated_normal_initializer(stddev=0.5)([3, 4])
    >>> print(abs(tf.Session().run(w)).max() <= 1)
    True
    """

    _draw = staticmethod(random.truncated_normal)


@dataclass(eq=False, repr=False)
class RandomUniform(RandomValues):
    """Random numbers from `minval` up to, but without, `maxval` (1 by default), equally likely.

    >>> w = tf.random_uniform_initializer(-0.5, 0.5)([3, 4])
    >>> print(abs(tf.Session().run(w)).max() <= 0.5)
    True
    """

    minval: float = 0
    maxval: float | None = None
    seed: int | None = None
    dtype: DTypeLike | None = None

    _draw = staticmethod(random.random_uniform)


@dataclass(eq=False, repr=False)
class VarianceScaling(Initializer):
    """Random numbers whose variance is `scale` / n, so that layers keep the size of signals.

    By `mode`, n counts the inputs of a unit ("fan_in"), its outputs ("fan_out") or their mean
    ("fan_avg"): these are the last two axes of the shape; axes before them are those of a window.
    The `distribution` is "uniform", "truncated_normal" (also "normal") or "untruncated_normal".

    >>> print(tf.variance_scaling_initializer(scale=2.0)([3, 4]).shape)
    (3, 4)
    """

    scale: float = 1.0
    mode: str = "fan_in"
    distribution: str = "truncated_normal"
    seed: int | None = None
    dtype: DTypeLike | None = None

    #: The standard deviation of a standard normal distribution cut off at ±2.
    OF_TRUNCATED: ClassVar[float] = 0.87962566103423978

    def __post_init__(self) -> None:
        if self.scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if self.mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError("Invalid `mode` argument:", self.mode)

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


def fans(shape: tuple[int, ...]) -> tuple[float, float]:
    """The numbers of inputs and outputs of a unit, for weights of this shape."""
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


class GlorotUniform(VarianceScaling):
    """Random numbers, uniform within ±√(6 / (inputs + outputs)).

    Glorot, Bengio, "Understanding the Difficulty of Training Deep Feedforward Neural Networks",
    2010.

    >>> w = tf.glorot_uniform_initializer()([3, 4])
    >>> print(abs(tf.Session().run(w)).max() <= (6 / 7) ** 0.5)
    True
    """

    _distribution = "uniform"

    def __init__(self, seed: int | None = None, dtype: DTypeLike | None = None) -> None:
        super().__init__(1.0, "fan_avg", self._distribution, seed)


class GlorotNormal(GlorotUniform):
    """Random numbers, truncated normal, with the standard deviation √(2 / (inputs + outputs)).

    Their source is that of `glorot_uniform_initializer`.

    >>> print(tf.glorot_normal_initializer()([3, 4]).shape)
    (3, 4)
    """

    _distribution = "truncated_normal"


def scaled_by_inputs(name, scale, distribution, source) -> Callable[..., VarianceScaling]:
    """The initializer of a paper: a distribution whose variance is `scale` / inputs."""
    shape = "Uniform" if distribution == "uniform" else "Normal"
    documentation = f"""{shape} weights {source}.

    >>> print(tf.initializers.{name}()([3, 4]).shape)
    (3, 4)
    """

    @called(name, documentation)
    def initializer(seed=None) -> VarianceScaling:
        return VarianceScaling(scale, "fan_in", distribution, seed)

    return initializer


HE = "for layers of relu: variance 2 / inputs (He et al., 2015)"
LECUN = "that keep the size of signals: variance 1 / inputs (LeCun et al., 1998)"
he_normal = scaled_by_inputs("he_normal", 2.0, "truncated_normal", HE)
he_uniform = scaled_by_inputs("he_uniform", 2.0, "uniform", HE)
lecun_normal = scaled_by_inputs("lecun_normal", 1.0, "truncated_normal", LECUN)
lecun_uniform = scaled_by_inputs("lecun_uniform", 1.0, "uniform", LECUN)


constant = constant_initializer = Constant
glorot_normal = glorot_normal_initializer = GlorotNormal
glorot_uniform = glorot_uniform_initializer = GlorotUniform
identity = identity_initializer = Identity
ones = ones_initializer = Ones
random_normal = random_normal_initializer = RandomNormal
random_uniform = random_uniform_initializer = RandomUniform
truncated_normal = truncated_normal_initializer = TruncatedNormal
variance_scaling = variance_scaling_initializer = VarianceScaling
zeros = zeros_initializer = Zeros
