"""What holds of every graph: random ones against finite differences, and laws of gradients.

A recipe is a list of numbers that any starting tensors can be cooked into a graph with: which
function comes next, and which tensors made so far it takes. Every recipe is valid, so a
failing one shrinks to the shortest that fails.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nbgrad as tf
from nbgrad.checks.test import assert_gradient

# Smooth, and bounded so that no recipe explodes. All shapes broadcast with one another.
FUNCTIONS = [
    lambda a, b: tf.sin(a * b),
    lambda a, b: tf.tanh(a + 2.0 * b),
    lambda a, b: tf.sigmoid(a) - b,
    lambda a, b: tf.exp(-tf.square(a)) * b,
    lambda a, b: a / (1.0 + tf.square(b)),
    lambda a, b: tf.squared_difference(tf.atan(a), tf.atan(b)),
    lambda a, b: tf.reduce_sum(a) * 0.3 + b,
    lambda a, b: tf.reduce_mean(tf.cos(a) * b, keepdims=True),
    lambda a, b: tf.add_n([tf.sin(a), tf.sin(a)]),
    lambda a, b: tf.nn.softplus(a) * 0.5,
    lambda a, b: tf.reduce_logsumexp(a) * tf.tanh(b),
    lambda a, b: tf.identity(a),
]
SHAPES = [(), (3,), (2, 3), (2, 1)]
numbers = st.integers(0, 1000)
recipes = st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=9)
starts = st.lists(st.tuples(st.sampled_from(SHAPES), st.integers(0, 2**16)), min_size=1, max_size=3)
picks = st.lists(numbers, min_size=1, max_size=3)
thorough = settings(max_examples=60)


def cooked(recipe, tensors):
    """All tensors that a recipe makes, after the ones it starts with."""
    made = list(tensors)
    for which, i, j in recipe:
        function = FUNCTIONS[which % len(FUNCTIONS)]
        made.append(function(made[i % len(made)], made[j % len(made)]))
    return made


def picked(numbers, tensors):
    return [tensors[n % len(tensors)] for n in numbers]


def arrays(starts):
    return [np.random.default_rng(seed).normal(size=shape) for shape, seed in starts]


class Kitchen:
    """A graph cooked from a recipe, ready to be run."""

    def __init__(self, recipe, starts):
        self.values = arrays(starts)
        self.xs = [tf.placeholder(tf.float64, value.shape) for value in self.values]
        self.made = cooked(recipe, self.xs)
        self.feed = dict(zip(self.xs, self.values, strict=True))
        self.session = tf.Session()

    def run(self, tensors, feed=()):
        present = [t for t in tensors if t is not None]
        found = iter(self.session.run(present, {**self.feed, **dict(feed)}))
        return [None if t is None else next(found) for t in tensors]

    def weights(self, ys):
        rng = np.random.default_rng(0)
        return [rng.normal(size=np.shape(value)) for value in self.run(ys)]


def assert_same(left, right):
    for a, b in zip(left, right, strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@thorough
@given(recipes, starts, picks)
def test_any_graph_agrees_with_finite_differences_to_second_order(recipe, starts, ys):
    def function(*xs):
        return picked(ys, cooked(recipe, xs))

    assert_gradient(function, *arrays(starts), order=2, tolerance=1e-5)


@thorough
@given(recipes, starts, picks, picks)
def test_what_is_stopped_counts_as_what_is_fed(recipe, starts, ys, stops):
    with tf.Graph().as_default():
        kitchen = Kitchen(recipe, starts)
        ys = picked(ys, kitchen.made)
        stops = picked(stops, kitchen.made[len(kitchen.xs) :])
        weights = kitchen.weights(ys)
        dxs = kitchen.run(tf.gradients(ys, kitchen.xs, weights, stop_gradients=stops))
        fixed = dict(zip(stops, kitchen.run(stops), strict=True))
        for x, value, dx in zip(kitchen.xs, kitchen.values, dxs, strict=True):
            v, h = np.cos(np.arange(value.size)).reshape(value.shape), 1e-5
            ahead, behind = (
                sum(
                    np.vdot(u, y)
                    for u, y in zip(
                        weights, kitchen.run(ys, {**fixed, x: value + step * v}), strict=True
                    )
                )
                for step in (h, -h)
            )
            derived = 0.0 if dx is None else np.vdot(v, dx)
            assert derived == pytest.approx((ahead - behind) / (2 * h), rel=1e-5, abs=1e-6)


@thorough
@given(recipes, starts, st.sets(numbers, max_size=4))
def test_a_stop_operation_and_a_stop_argument_are_the_same_at_first_order(recipe, starts, which):
    with tf.Graph().as_default():
        plain = Kitchen(recipe, starts)
        stopped = {n % len(recipe) for n in which}
        stops = [plain.made[len(plain.xs) + n] for n in stopped]
        by_argument = tf.gradients(plain.made[-1], plain.xs, stop_gradients=stops)

        made = list(plain.xs)
        for n, (which_one, i, j) in enumerate(recipe):
            function = FUNCTIONS[which_one % len(FUNCTIONS)]
            z = function(made[i % len(made)], made[j % len(made)])
            made.append(tf.stop_gradient(z) if n in stopped else z)
        by_operation = tf.gradients(made[-1], plain.xs)
        assert_same(plain.run(by_argument), plain.run(by_operation))


@thorough
@given(recipes, recipes, starts)
def test_gradients_chain_through_grad_ys(first, second, starts):
    with tf.Graph().as_default():
        kitchen = Kitchen(first, starts)
        y = kitchen.made[-1]
        z = cooked(second, [y])[-1]
        [dy] = tf.gradients(z, y)
        whole = tf.gradients(z, kitchen.xs)
        chained = tf.gradients(y, kitchen.xs, grad_ys=dy)
        assert_same(kitchen.run(whole), kitchen.run(chained))


@thorough
@given(recipes, starts, picks)
def test_the_gradient_of_several_ys_is_the_sum_of_theirs(recipe, starts, ys):
    with tf.Graph().as_default():
        kitchen = Kitchen(recipe, starts)
        ys = picked(ys, kitchen.made)
        options = {"unconnected_gradients": tf.UnconnectedGradients.ZERO}
        together = kitchen.run(tf.gradients(ys, kitchen.xs, **options))
        alone = [kitchen.run(tf.gradients(y, kitchen.xs, **options)) for y in ys]
        assert_same(together, [sum(parts) for parts in zip(*alone, strict=True)])


@thorough
@given(recipes, starts)
def test_a_y_that_is_listed_twice_counts_twice(recipe, starts):
    with tf.Graph().as_default():
        kitchen = Kitchen(recipe, starts)
        y = kitchen.made[-1]
        once, twice = (kitchen.run(tf.gradients(ys, kitchen.xs)) for ys in (y, [y, y]))
        assert_same([None if dx is None else 2 * dx for dx in once], twice)


@thorough
@given(recipes, starts)
def test_feeding_the_seed_is_the_same_as_a_constant_seed(recipe, starts):
    with tf.Graph().as_default() as graph:
        kitchen = Kitchen(recipe, starts)
        y = kitchen.made[-1]
        [weight] = kitchen.weights([y])
        fed = kitchen.run(
            tf.gradients(y, kitchen.xs), {graph.get_tensor_by_name("gradients/Fill:0"): weight}
        )
        given_weight = kitchen.run(tf.gradients(y, kitchen.xs, [weight]))
        assert_same(fed, given_weight)


@thorough
@given(recipes, starts, picks)
def test_total_derivatives_of_what_lies_on_the_way_obey_the_chain_rule(recipe, starts, ys):
    """Stopping at every x that has readers makes partial derivatives, which add up to totals."""
    with tf.Graph().as_default():
        kitchen = Kitchen(recipe, starts)
        y, middle = kitchen.made[-1], picked(ys, kitchen.made)[0]
        x = kitchen.xs[0]
        zero = {"unconnected_gradients": "zero"}
        [total] = tf.gradients(y, x, **zero)
        [past] = tf.gradients(y, x, stop_gradients=[middle], **zero)
        [arriving] = tf.gradients(y, middle, **zero)
        [through] = tf.gradients(middle, x, grad_ys=arriving, **zero)
        whole, around, by_way_of = kitchen.run([total, past, through])
        if middle is not x:
            np.testing.assert_allclose(whole, around + by_way_of, rtol=1e-9, atol=1e-12)
