"""Assertions fail in a run, or at once where something is known before."""

import pytest

import nbgrad as tf


@pytest.fixture
def x():
    with tf.Graph().as_default():
        yield tf.placeholder(tf.float32, [None], name="x")


@pytest.mark.parametrize(
    ("assertion", "shown"),
    [
        (lambda x: tf.assert_positive(x), "Condition x > 0 did not hold element-wise:"),
        (lambda x: tf.assert_less(x, 0.0), r"[x (x:0) = ] [1 -2] [y (assert_less/y:0) = ] [0]"),
        (lambda x: tf.assert_equal(x, x + 1, message="oops"), "[oops] [Condition x == y did not"),
        (
            lambda x: tf.assert_greater_equal(x, 100.0, data=["d", x]),
            "assertion failed: [d] [1 -2]",
        ),
        (lambda x: tf.assert_near(x, x + 1), "x and y not equal to tolerance rtol = 1.19"),
        (lambda x: tf.Assert(x[0] > 10, [x, "text"]), "assertion failed: [1 -2] [text]"),
        (lambda x: tf.Assert(x[0] > 10, [x], summarize=1), "assertion failed: [1...]"),
    ],
)
def test_an_assertion_fails_in_the_run_in_which_it_does_not_hold(x, assertion, shown):
    with tf.control_dependencies([assertion(x)]):
        y = tf.identity(x)
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        session.run(y, {x: [1.0, -2.0]})
    assert shown in str(caught.value)
    assert "created in line" in str(caught.value)


def test_an_assertion_that_holds_does_nothing(x):
    assertions = [
        *(tf.assert_positive(x), tf.assert_negative(-x), tf.assert_non_negative(x)),
        *(tf.assert_non_positive(-x), tf.assert_none_equal(x, -x), tf.assert_less_equal(x, x)),
        *(tf.assert_rank(x, 1), tf.assert_rank_at_least(x, 0), tf.assert_near(x, x)),
        *(tf.assert_type(x, tf.float32), tf.assert_integer(3), tf.assert_greater(x, 0.0)),
    ]
    y = tf.placeholder(tf.float32)
    assertions.append(tf.assert_rank(y, 2))
    with tf.control_dependencies(assertions):
        z = x * x
    assert tf.Session().run(tf.gradients(z, x), {x: [3.0], y: [[1.0]]})[0] == [6.0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="must have rank 2"):
        tf.Session().run(z, {x: [3.0], y: 1.0})


@pytest.mark.parametrize(
    ("assertion", "error", "message"),
    [
        (lambda x: tf.assert_equal(1, 2), tf.errors.InvalidArgumentError, "Condition x == y did"),
        (lambda x: tf.assert_less(2, 1, message="m"), tf.errors.InvalidArgumentError, "m\nCondit"),
        (
            lambda x: tf.assert_rank(x, 2),
            ValueError,
            "Tensor x:0 must have rank 2.  Received rank 1",
        ),
        (lambda x: tf.assert_rank_at_least(x, 2), ValueError, "must have rank at least 2"),
        (lambda x: tf.assert_scalar(x), ValueError, r"Expected scalar shape for x:0, saw shape"),
        (lambda x: tf.assert_type(x, tf.int32), TypeError, "x:0 must be of type tf.int32"),
        (lambda x: tf.assert_integer(x), TypeError, 'Expected "x" to be integer type.'),
    ],
)
def test_what_is_known_before_a_run_is_refused_at_once(x, assertion, error, message):
    with pytest.raises(error, match=message):
        assertion(x)
