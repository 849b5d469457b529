"""Initializers whose variance depends on the number of inputs and outputs: He's and Glorot's."""

from __future__ import annotations

import math

from nbgrad.dtypes import DType, DTypeLike
from nbgrad.graph import Tensor
from nbgrad.variables.initializers import Initializer, Zeros
from nbgrad.variables.random_initializers import RandomNormal, RandomUniform, TruncatedNormal


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
