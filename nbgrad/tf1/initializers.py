"""Initializers: functions of a shape and a dtype that build a variable's initial value.

Here are those without chance: constants, zeros, ones and the identity.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.core.default_graph import get_default_graph
from nbgrad.core.dtypes import DType, DTypeLike, as_dtype, float32
from nbgrad.core.graph import Tensor
from nbgrad.core.typing import TensorLike
from nbgrad.tf1.arrays import constant


class Initializer:
    """What builds the initial value of a variable from its shape and dtype.

    A subclass says in `build` how.
    """

    def __call__(
        self, shape: Sequence[int], dtype: DTypeLike | None = None, partition_info: Any = None
    ) -> Tensor:
        return self.build(tuple(shape), as_dtype(dtype or float32))

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        """The initial value, a tensor of this shape and dtype.

        Parameters
        ----------
        shape
            A tuple of known sizes.
        dtype
            The type of its elements.

        Returns
        -------
        Tensor
            Of this shape and dtype.
        """
        raise NotImplementedError


class Constant(Initializer):
    """The same number everywhere, or the given numbers.

    Parameters
    ----------
    value
        A number, or an array of as many as the variable has elements; fewer are filled up with
        the last.
    dtype
        Accepted for TensorFlow's sake; the dtype is that of the variable.
    verify_shape
        Accepted for TensorFlow's sake and ignored.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.Session().run(ng.constant_initializer(5.0)([2])))
    [5. 5.]
    """

    def __init__(
        self, value: TensorLike = 0, dtype: DTypeLike | None = None, verify_shape: bool = False
    ) -> None:
        self.value = value

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        return constant(self.value, dtype, shape)


class Zeros(Constant):
    """Zeros.

    Parameters
    ----------
    dtype
        Accepted for TensorFlow's sake; the dtype is that of the variable.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.Session().run(ng.zeros_initializer()([2])))
    [0. 0.]
    """

    def __init__(self, dtype: DTypeLike | None = None) -> None:
        super().__init__(0)

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        return constant(np.zeros(shape, dtype.as_numpy_dtype))


class Ones(Constant):
    """Ones.

    Parameters
    ----------
    dtype
        Accepted for TensorFlow's sake; the dtype is that of the variable.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.Session().run(ng.ones_initializer()([2])))
    [1. 1.]
    """

    def __init__(self, dtype: DTypeLike | None = None) -> None:
        super().__init__(1)


class Identity(Initializer):
    """The identity matrix, times a number.

    Parameters
    ----------
    gain
        The number on the diagonal.
    dtype
        Accepted for TensorFlow's sake; the dtype is that of the variable.

    Raises
    ------
    ValueError
        When it is used for a shape that is not one of a matrix.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.Session().run(ng.identity_initializer(2.0)([2, 2])))
    [[2. 0.]
     [0. 2.]]
    """

    def __init__(self, gain: float = 1.0, dtype: DTypeLike | None = None) -> None:
        self.gain = gain

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        if len(shape) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        return constant(self.gain * np.eye(*shape), dtype)


# Under these names TensorFlow-1 programs know them.
constant_initializer = Constant


identity_initializer = Identity


ones_initializer = Ones


zeros_initializer = Zeros


class RandomNormal(Initializer):
    """Random numbers from a normal distribution.

    Parameters
    ----------
    mean, stddev
        Its mean and its standard deviation.
    seed
        Makes the numbers the same in every session; None leaves them to chance.
    dtype
        Accepted for TensorFlow's sake; the dtype is that of the variable.

    Notes
    -----
    NumPy draws the numbers: for the same seed they differ from TensorFlow's.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.random_normal_initializer(stddev=0.1)([3, 4])
    ...     print(w)
    Tensor("random_normal:0", shape=(3, 4), dtype=float32)
    """

    op_type = "RandomStandardNormal"

    def __init__(
        self,
        mean: float = 0.0,
        stddev: float = 1.0,
        seed: int | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        self.settings: dict[str, Any] = {"mean": mean, "stddev": stddev, "seed": seed}

    def build(self, shape: tuple[int, ...], dtype: DType) -> Tensor:
        result: Tensor = get_default_graph().apply(
            self.op_type, shape=shape, dtype=dtype, **self.settings
        )
        return result


class TruncatedNormal(RandomNormal):
    """Random numbers from a normal distribution, none more than two standard deviations off.

    Parameters
    ----------
    mean, stddev
        The mean and the standard deviation of the distribution before it is cut off.
    seed
        Makes the numbers the same in every session; None leaves them to chance.
    dtype
        Accepted for TensorFlow's sake; the dtype is that of the variable.

    Notes
    -----
    NumPy draws the numbers: for the same seed they differ from TensorFlow's.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.truncated_normal_initializer(stddev=0.5)([3, 4])
    ...     print(abs(ng.Session().run(w)).max() <= 1)
    True
    """

    op_type = "TruncatedNormal"


class RandomUniform(RandomNormal):
    """Random numbers, all between two bounds equally likely.

    Parameters
    ----------
    minval, maxval
        The bounds; the upper one is 1 where it is None, and is itself never reached.
    seed
        Makes the numbers the same in every session; None leaves them to chance.
    dtype
        Accepted for TensorFlow's sake; the dtype is that of the variable.

    Notes
    -----
    NumPy draws the numbers: for the same seed they differ from TensorFlow's.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.random_uniform_initializer(-0.5, 0.5)([3, 4])
    ...     print(abs(ng.Session().run(w)).max() <= 0.5)
    True
    """

    op_type = "RandomUniform"

    def __init__(
        self,
        minval: float = 0,
        maxval: float | None = None,
        seed: int | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        self.settings = {
            "minval": minval,
            "maxval": 1.0 if maxval is None else maxval,
            "seed": seed,
        }


random_normal_initializer = RandomNormal


random_uniform_initializer = RandomUniform


truncated_normal_initializer = TruncatedNormal


class VarianceScaling(Initializer):
    """Random numbers whose variance is `scale` / n, so that layers keep the size of signals.

    With scale 2, "fan_in" and "truncated_normal" these are He's weights for layers of relu.

    Parameters
    ----------
    scale
        A positive number.
    mode
        What n counts: the inputs of a unit ("fan_in"), its outputs ("fan_out") or their mean
        ("fan_avg"). The last two axes of the shape count inputs and outputs; axes before them are
        those of a window.
    distribution
        "uniform", "truncated_normal" (also "normal") or "untruncated_normal".
    seed
        Makes the numbers the same in every session; None leaves them to chance.
    dtype
        Accepted for TensorFlow's sake; the dtype is that of the variable.

    Raises
    ------
    ValueError
        If `scale` is not positive, or there is no such `mode`.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun (2015), "Delving deep into rectifiers".

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.variance_scaling_initializer(scale=2.0)([3, 4])
    ...     print(w.shape)
    (3, 4)
    """

    #: The standard deviation of a standard normal distribution cut off at ±2.
    OF_TRUNCATED = 0.87962566103423978

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        dtype: DTypeLike | None = None,
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
    """Random numbers evenly distributed within ±√(6 / (inputs + outputs)), after Glorot.

    Parameters
    ----------
    seed
        Makes the numbers the same in every session; None leaves them to chance.
    dtype
        Accepted for TensorFlow's sake; the dtype is that of the variable.

    References
    ----------
    X. Glorot and Y. Bengio (2010), "Understanding the difficulty of training deep feedforward
    neural networks".

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.glorot_uniform_initializer()([3, 4])
    ...     print(abs(ng.Session().run(w)).max() <= (6 / 7) ** 0.5)
    True
    """

    def __init__(self, seed: int | None = None, dtype: DTypeLike | None = None) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed)


class GlorotNormal(VarianceScaling):
    """Random numbers, truncated normal, with the standard deviation √(2 / (inputs + outputs)).

    Parameters
    ----------
    seed
        Makes the numbers the same in every session; None leaves them to chance.
    dtype
        Accepted for TensorFlow's sake; the dtype is that of the variable.

    References
    ----------
    X. Glorot and Y. Bengio (2010), "Understanding the difficulty of training deep feedforward
    neural networks".

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.glorot_normal_initializer()([3, 4])
    ...     print(w.shape)
    (3, 4)
    """

    def __init__(self, seed: int | None = None, dtype: DTypeLike | None = None) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)


def fans(shape: tuple[int, ...]) -> tuple[float, float]:
    """How many inputs and outputs a unit has, for weights of this shape.

    The last two axes count inputs and outputs; axes before them are those of a window.
    """
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def he_normal(seed: int | None = None) -> VarianceScaling:
    """Normal weights for layers of relu: variance 2 / inputs (He et al., 2015)."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed: int | None = None) -> VarianceScaling:
    """Uniform weights for layers of relu: variance 2 / inputs (He et al., 2015)."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


def lecun_normal(seed: int | None = None) -> VarianceScaling:
    """Normal weights that keep the size of signals: variance 1 / inputs (LeCun et al., 1998)."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


def lecun_uniform(seed: int | None = None) -> VarianceScaling:
    """Uniform weights that keep the size of signals: variance 1 / inputs (LeCun et al., 1998)."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


def default_initializer(dtype: DType) -> Initializer:
    """What `get_variable` takes where nothing is said: Glorot's, or zeros for integers."""
    return GlorotUniform() if dtype.is_floating else Zeros()


glorot_normal_initializer = GlorotNormal


glorot_uniform_initializer = GlorotUniform


variance_scaling_initializer = VarianceScaling
