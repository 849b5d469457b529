"""TensorFlow's `tf.test`: derivatives held against measurements.

`assert_gradient` is for rules that you write: one random direction tells whether they are right.
`compute_gradient` is TensorFlow's checker: the whole Jacobian, derived and measured.
"""

from nbgrad.checks.test import assert_gradient, compute_gradient, compute_gradient_error

__all__ = ["assert_gradient", "compute_gradient", "compute_gradient_error"]
