"""Static shapes and dtypes: what is known, told, and never cast silently."""

import numpy as np
import pytest

import nbgrad as tf


def named(name):
    return tf.constant(1.0, name=name)


def test_shapes_are_known_as_far_as_they_can_be():
    p = tf.placeholder(tf.float32, [None, 3])
    shapes = [
        tf.matmul(p, tf.ones([3, 4])),
        tf.reduce_sum(p, 1),
        tf.reshape(p, [-1]),
        tf.transpose(p),
        tf.stack([p, p]),
        p[0],
        p[:, 1:],
        p + 1.0,
    ]
    known = [tensor.shape.as_list() for tensor in shapes]
    assert known == [[None, 4], [None], [None], [3, None], [2, None, 3], [3], [None, 2], [None, 3]]


def test_set_shape_adds_to_a_shape_and_must_not_contradict():
    p = tf.placeholder(tf.float32)
    with pytest.raises(ValueError, match="is not defined on an unknown TensorShape"):
        p.shape.as_list()
    p.set_shape([None, 3])
    p.set_shape([2, None])
    assert p.get_shape().as_list() == [2, 3]
    assert p.shape[1].value == 3
    with pytest.raises(
        ValueError, match="Dimension 0 in both shapes must be equal, but are 2 and 5"
    ):
        p.set_shape([5, 5])


def test_python_numbers_and_arrays_take_the_dtype_of_the_tensor():
    x = tf.constant(1.0)
    for other in (2, 2.5, np.float64(2), np.ones(3)):
        assert (x * other).dtype == (other * x).dtype == tf.float32
    assert (tf.constant(1.0, tf.float64) + 1).dtype == tf.float64


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: tf.constant(1.0) + tf.constant(1.0, tf.float64), "has type float64 that does not"),
        (lambda: tf.constant(1) * 2.0, "Expected int32, got 2.0 of type 'float' instead"),
        (lambda: tf.sqrt(tf.constant(4)), "Value passed to parameter 'x' has DataType int32 not"),
    ],
)
def test_nothing_is_cast_silently(build, message):
    with pytest.raises(TypeError, match=message):
        build()


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (1, tf.int32),
        (1.0, tf.float32),
        (2**40, tf.int64),
        (True, tf.bool),
        ("text", tf.string),
        (np.ones(2), tf.float64),
        ([1, 2.5], tf.float32),
        (1j, tf.complex128),
    ],
)
def test_constants_have_tensorflows_dtypes(value, dtype):
    assert tf.constant(value).dtype == dtype


def test_division_of_integers_is_true_division():
    quotient = tf.constant(7) / tf.constant(2)
    assert quotient.dtype == tf.float64
    values = tf.Session().run([quotient, tf.constant(-7) // 2, tf.constant(-7) % 3])
    assert values == [3.5, -4, 2]


def test_a_constant_fills_up_with_its_last_element():
    filled = tf.constant([1, 2], shape=[2, 2])
    assert tf.Session().run(filled).tolist() == [[1, 2], [2, 2]]
    with pytest.raises(ValueError, match="Too many elements provided"):
        tf.constant([1, 2, 3], shape=[2])
