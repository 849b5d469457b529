"""The error function, whose slope is a Gaussian, and what it lacks to 1."""

from __future__ import annotations

import math

import numpy as np

from nbgrad.ops.elementwise.arithmetic import (
    multiply,
    negative,
    square,
)
from nbgrad.ops.elementwise.powers import exp
from nbgrad.ops.elementwise.trigonometry import _function
from nbgrad.registry import RegisterGradient

_erf = np.frompyfunc(math.erf, 1, 1)


_erfc = np.frompyfunc(math.erfc, 1, 1)


@_function("Erf", "erf")
def erf(x):
    """The error function of every element, z = 2/√π ∫₀ˣ e^(−t²) dt, between −1 and 1.

    >>> tf.erf(1.0)
    0.8427
    """
    return np.asarray(_erf(x)).astype(x.dtype)[()]


@RegisterGradient("Erf")
def _erf_grad(op, dz):
    return multiply(dz, gaussian(op.inputs[0]))


@_function("Erfc", "erfc")
def erfc(x):
    """What the error function lacks to 1, z = 1 − erf x, exact also where x is large.

    >>> tf.erfc(5.0)
    1.5375e-12
    """
    return np.asarray(_erfc(x)).astype(x.dtype)[()]


@RegisterGradient("Erfc")
def _erfc_grad(op, dz):
    return multiply(dz, negative(gaussian(op.inputs[0])))


def gaussian(x):
    """2/√π e^(−x²), the slope of erf."""
    return multiply(2 / math.sqrt(math.pi), exp(negative(square(x))))
