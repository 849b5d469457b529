"""Initializers: functions of a shape and a dtype that build a variable's initial value.

Here are those without chance: constants, zeros, ones and the identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.dtypes import DType, DTypeLike, as_dtype, float32
from nbgrad.graph import Tensor
from nbgrad.graph.typing import TensorLike
from nbgrad.ops.sources.constants import constant


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
