"""Gradients where numbers are complex on the way, or at its ends."""

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.checks.test import assert_gradient

POINT = [0.7, -1.2], [1.5, 0.4]

THROUGH_THE_PLANE = {
    "conjugate": lambda z: tf.real(tf.conj(z) * z * z),
    "powers": lambda z: [tf.real(z * z * z), tf.imag(tf.exp(z))],
    "functions": lambda z: [tf.real(tf.sin(z)), tf.imag(tf.log(z)), tf.real(tf.sqrt(z))],
    "sums": lambda z: tf.imag(tf.reduce_sum(tf.square(z))),
}


@pytest.mark.parametrize("name", THROUGH_THE_PLANE)
def test_a_real_function_that_leads_through_complex_numbers_agrees_with_differences(name):
    def function(x, y):
        return THROUGH_THE_PLANE[name](tf.complex(x, y))

    assert_gradient(function, *POINT, order=2)


@pytest.mark.parametrize(
    ("expression", "gradient"),
    [("z * z", 14 - 6j), ("tf.square(z)", 14 - 6j), ("3j * z", -3j), ("tf.conj(z)", 1)],
)
def test_the_conjugate_of_the_derivative_comes_back(expression, gradient):
    with tf.Graph().as_default(), tf.Session() as session:
        z = tf.constant(7 + 3j)
        y = eval(expression, {"tf": tf, "z": z})
        [dz] = session.run(tf.gradients(y, z, tf.constant(1 + 0j, y.dtype)))
    np.testing.assert_allclose(dz, gradient)


def test_the_squared_size_grows_along_z_itself():
    with tf.Graph().as_default(), tf.Session() as session:
        z = tf.constant(3 + 4j)
        assert session.run(tf.gradients(tf.square(tf.abs(z)), z)) == pytest.approx([6 + 8j])


def test_of_real_numbers_the_parts_are_trivial():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(2.0)
        assert tf.real(x) is x
        assert tf.conj(x) is x
        assert session.run([tf.imag(x), tf.angle(tf.complex(0.0, x))]) == pytest.approx(
            [0, 1.570796]
        )
