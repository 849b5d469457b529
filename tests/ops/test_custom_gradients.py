"""Whole functions with a gradient of their own."""

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(fetches, feed=None):
    with tf.Session(graph=tf.get_default_graph()) as session:
        return session.run(fetches, feed)


def test_a_function_with_its_own_gradient_is_stable_where_the_formula_is_not():
    def naive(x):
        return tf.log(1 + tf.exp(x))

    @tf.custom_gradient
    def careful(x):
        e = tf.exp(x)
        return tf.log(1 + e), lambda dy: dy * (1 - 1 / (1 + e))

    x = tf.constant(100.0)
    slopes = run([tf.gradients(f(x), x)[0] for f in (naive, careful)])
    assert np.isnan(slopes[0])
    assert slopes[1] == 1.0


def test_several_arguments_get_a_gradient_each():
    @tf.custom_gradient
    def product(a, b):
        return a * b, lambda dy: (dy * a, dy * b)  # swapped, to see that it is used

    a, b = tf.constant(3.0), tf.constant(5.0)
    assert run(tf.gradients(product(a, b), [a, b])) == [3.0, 5.0]


def test_a_result_that_is_not_used_arrives_as_zeros():
    @tf.custom_gradient
    def two(x):
        return (x * 1, x * 2), lambda da, db: da * 10 + db * 100

    x = tf.constant(1.0)
    first, second = two(x)
    assert run([tf.gradients(first, x)[0], tf.gradients(second, x)[0]]) == [10.0, 100.0]


def test_functions_with_their_own_gradients_nest():
    @tf.custom_gradient
    def tripled(x):
        return tf.identity(x), lambda dy: 3 * dy

    x = tf.constant(1.0)
    assert run(tf.gradients(tripled(tripled(x)), x)) == [9.0]


def test_the_second_derivative_is_that_of_the_rule():
    @tf.custom_gradient
    def cube(x):
        return x**3, lambda dy: dy * x**2

    x = tf.constant(3.0)
    [first] = tf.gradients(cube(x), x)
    assert run([first, *tf.gradients(first, x)]) == [9.0, 6.0]


def test_numbers_and_arrays_may_be_arguments_and_keywords_pass():
    @tf.custom_gradient
    def scaled(x, factor=1.0):
        return x * factor, lambda dy: dy

    assert run(scaled(np.float32([1, 2]), factor=3.0)).tolist() == [3, 6]


def test_an_error_in_the_rule_shows_when_gradients_asks_it():
    @tf.custom_gradient
    def broken(x):
        def rule(dy):
            raise ZeroDivisionError("in the rule")

        return tf.identity(x), rule

    x = tf.constant(1.0)
    y = broken(x)
    with pytest.raises(ZeroDivisionError, match="in the rule"):
        tf.gradients(y, x)


def test_a_rule_with_too_few_gradients_is_refused():
    @tf.custom_gradient
    def product(a, b):
        return a * b, lambda dy: dy

    a = tf.constant(1.0)
    with pytest.raises(ValueError, match="do not match num inputs 3"):
        tf.gradients(product(a, a), a)
