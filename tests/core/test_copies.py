"""Values given are copied, and values handed out are the caller's: changing one changes no other.

An entrance is a function from an array to what is fetched, and the feeds. After it was built, the
array changes; the numbers must not. After a run the fetched array changes; the next run must
not notice.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nbgrad as tf

X = [1.0, 2.0, 3.0]


def x():
    return tf.constant(np.array(X))


def fed_default(array):
    return tf.placeholder_with_default(array, [3])


def gradient_seed(array):
    [dx] = tf.gradients(tf.identity(p := x()), p, grad_ys=[array])
    return dx


ENTRANCES = {
    "constant": tf.constant,
    "constant of a shape": lambda array: tf.constant(array, shape=[3]),
    "convert_to_tensor": tf.convert_to_tensor,
    "left operand": lambda array: array * x(),
    "right operand": lambda array: x() * array,
    "folded": lambda array: tf.constant(array) * 2.0 + 1.0,
    "of many": lambda array: tf.add_n([x(), array]),
    "stack": lambda array: tf.stack([array, array]),
    "stack beside a tensor": lambda array: tf.stack([x(), array]),
    "list of arrays": lambda array: tf.constant([array, array]),
    "concat": lambda array: tf.concat([array, array], 0),
    "variable": tf.Variable,
    "assign": lambda array: tf.assign(tf.Variable(np.zeros(3)), array),
    "assign_add": lambda array: tf.assign_add(tf.Variable(np.zeros(3)), array),
    "scatter_update": lambda array: tf.scatter_update(tf.Variable(np.zeros(3)), [0, 1, 2], array),
    "placeholder_with_default": fed_default,
    "grad_ys": gradient_seed,
    "where": lambda array: tf.where([True, False, True], x(), array),
    "pad of constants": lambda array: tf.pad(array, [[1, 0]]),
    "get_variable": lambda array: tf.get_variable("v", initializer=array),
}
INDICES = {
    "gather": lambda places: tf.gather(x(), places),
    "gather_nd": lambda places: tf.gather_nd(x(), places[:, None]),
    "scatter_nd": lambda places: tf.scatter_nd(places[:, None], x(), [3]),
    "shape": lambda places: tf.zeros(places),
    "reshape": lambda places: tf.reshape(tf.ones([2, 0]), places),
    "tile": lambda places: tf.tile(tf.ones([1, 1, 1]), places),
    "transpose": lambda places: tf.transpose(tf.zeros([2, 3, 4]), places),
    "one_hot": lambda places: tf.one_hot(places, 3),
    "segments": lambda places: tf.unsorted_segment_sum(x(), places, 3),
}
every_entrance = pytest.mark.parametrize(
    ("build", "given_array"),
    [
        *(pytest.param(build, np.array(X), id=name) for name, build in ENTRANCES.items()),
        *(pytest.param(build, np.array([2, 1, 0]), id=name) for name, build in INDICES.items()),
    ],
)


def both_runs(build, array, between):
    """What is fetched before and after something happens to what was given or fetched."""
    with tf.Graph().as_default(), tf.Session() as session:
        fetched = build(array)
        start, run = tf.global_variables_initializer(), session.make_callable([fetched])
        session.run(start)
        [first] = run()
        kept = np.array(first)
        between(array, first)
        session.run(start)
        again = run()
        session.run(start)
        return kept, again + session.run([fetched])


@every_entrance
def test_an_array_that_was_given_may_change_afterwards(build, given_array):
    def change(array, _fetched):
        array[...] = 0

    before, after = both_runs(build, given_array.copy(), change)
    for each in after:
        np.testing.assert_array_equal(each, before)


@every_entrance
def test_what_was_fetched_is_the_callers_to_change(build, given_array):
    array = given_array.copy()

    def change(_array, fetched):
        fetched[...] = 77

    before, after = both_runs(build, array, change)
    for each in after:
        np.testing.assert_array_equal(each, before)
    np.testing.assert_array_equal(array, given_array)


@pytest.mark.parametrize(
    "kept",
    [
        lambda v, p: tf.assign(v, p),
        lambda v, p: tf.assign(v, tf.identity(p)),
        lambda v, p: tf.assign(v, tf.reshape(p, [3])),
        lambda v, p: tf.assign(v, p[:]),
        lambda v, p: tf.scatter_update(v, [0, 1, 2], p),
        lambda v, p: tf.assign_add(v, p),
    ],
)
def test_a_variable_keeps_what_was_fed_when_the_buffer_is_used_again(kept):
    with tf.Graph().as_default(), tf.Session() as session:
        v, p = tf.Variable(np.zeros(3)), tf.placeholder(tf.float64, [3])
        session.run(v.initializer)
        buffer = np.array(X)
        session.run(kept(v, p), {p: buffer})
        buffer[:] = -1
        np.testing.assert_array_equal(session.run(v), X)
        v.load(buffer, session)
        buffer[:] = 5
        np.testing.assert_array_equal(session.run(v), [-1, -1, -1])


OPTIMIZERS = [
    tf.train.GradientDescentOptimizer(1.0),
    tf.train.MomentumOptimizer(1.0, 0.5),
    tf.train.AdagradOptimizer(1.0),
    tf.train.RMSPropOptimizer(1.0),
    tf.train.AdamOptimizer(1.0),
    tf.train.AdadeltaOptimizer(1.0),
]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda each: type(each).__name__)
def test_slots_keep_no_fed_gradient_and_no_fetched_array(optimizer):
    def descended(spoil):
        with tf.Graph().as_default(), tf.Session() as session:
            v, p = tf.Variable(np.zeros(3)), tf.placeholder(tf.float64, [3])
            step = optimizer.apply_gradients([(p, v)])
            session.run(tf.global_variables_initializer())
            buffer = np.array(X)
            for _ in range(3):
                buffer[:] = X
                session.run(step, {p: buffer})
                values = session.run([*tf.global_variables()])
                if spoil:
                    buffer[:] = 1e6
                    for value in values:
                        if isinstance(value, np.ndarray):
                            value[:] = 1e6
            return session.run(v)

    np.testing.assert_array_equal(descended(spoil=True), descended(spoil=False))


def test_a_python_function_may_change_what_it_got_and_what_it_gave():
    buffer = np.zeros(3)

    def spoil(array):
        array *= 100
        buffer[:] = array
        return buffer

    with tf.Graph().as_default(), tf.Session() as session:
        p = x() * 1.0
        y = tf.py_func(spoil, [p], tf.float64)
        before, first = session.run([p, y])
        buffer[:] = 0
        np.testing.assert_array_equal(before, X)
        np.testing.assert_array_equal(first, np.multiply(X, 100))


VIEWS = [
    tf.identity,
    lambda a: a[1:],
    lambda a: a[..., None],
    lambda a: tf.reshape(a, [-1, 1]),
    tf.transpose,
    lambda a: tf.reverse(a, [0]),
    lambda a: tf.broadcast_to(a, [2, 3]),
    lambda a: tf.squeeze(a[None]),
    lambda a: tf.split(a, 3)[0],
    lambda a: a * 1.0,
    lambda a: tf.real(tf.complex(a, a)),
]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(VIEWS), min_size=1, max_size=3), st.sampled_from("cvf"))
def test_views_of_constants_variables_and_feeds_are_handed_out_as_copies(views, kind):
    with tf.Graph().as_default(), tf.Session() as session:
        array = np.array(X)
        source = {
            "c": tf.constant,
            "v": tf.Variable,
            "f": lambda _: tf.placeholder(tf.float64, [3]),
        }
        start = source[kind](array)
        ends = [view(start) for view in views]
        session.run(tf.global_variables_initializer())
        feed = {start: array} if kind == "f" else None
        first = session.run([start, *ends], feed)
        kept = [np.array(each) for each in first]
        for each in first:
            if isinstance(each, np.ndarray):
                each[...] = 77
        np.testing.assert_array_equal(array, X)
        for before, after in zip(kept, session.run([start, *ends], feed), strict=True):
            np.testing.assert_array_equal(before, after)
