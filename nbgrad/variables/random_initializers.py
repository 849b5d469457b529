"""Initializers that draw random numbers: normal, truncated normal and uniform."""

from __future__ import annotations

from typing import Any

from nbgrad.dtypes import DType, DTypeLike
from nbgrad.graph import Tensor, get_default_graph
from nbgrad.variables.initializers import Initializer


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
