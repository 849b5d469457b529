"""Variables: values that outlive a run, how they are made and shared, and the lists of them."""

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def session(graph):
    with tf.Session() as session:
        yield session


def test_a_variable_takes_shape_and_dtype_from_its_initial_value():
    v = tf.Variable(np.ones((2, 3)))
    assert (v.shape.as_list(), v.dtype, v.op.type) == ([2, 3], tf.float64, "VariableV2")
    assert tf.Variable(5, dtype=tf.float32).dtype == tf.float32
    assert tf.Variable(lambda: tf.ones([4])).shape.as_list() == [4]


def test_there_is_no_value_before_the_initializer_ran(session):
    v = tf.Variable(3.0, name="v")
    message = "Attempting to use uninitialized value v"
    for fetch in (v, v * 2, v.assign_add(1.0)):
        with pytest.raises(tf.errors.FailedPreconditionError, match=message) as caught:
            session.run(fetch)
    assert caught.value.error_code == 9
    session.run(tf.global_variables_initializer())
    assert session.run(v) == 3.0


def test_assignments_return_the_new_value_and_last(session):
    v = tf.Variable(1.0)
    session.run(v.initializer)
    steps = [tf.assign(v, 5.0), tf.assign_add(v, 2), tf.assign_sub(v, 1), v.assign(v * 2)]
    assert [session.run(step) for step in steps] == [5.0, 7.0, 6.0, 12.0]
    assert session.run(v) == 12.0


def test_reading_sees_the_value_from_before_the_run(session):
    v = tf.Variable(1.0)
    session.run(v.initializer)
    assert session.run([v * 10, v.assign_add(1.0), v]) == [10.0, 2.0, 1.0]


def test_an_initial_value_may_come_from_another_variable(session):
    v = tf.Variable(tf.random_normal([3]))
    w = tf.Variable(v.initialized_value() * 2)
    session.run(tf.global_variables_initializer())
    first, second = session.run([v, w])
    np.testing.assert_allclose(second, first * 2)
    session.run(v.assign([1.0, 1.0, 1.0]))
    session.run(w.initializer)
    assert session.run(w).tolist() == [2, 2, 2]


def test_a_value_can_be_loaded_without_an_operation(graph, session):
    v = tf.Variable([1.0, 2.0])
    before = graph.version
    v.load([3.0, 4.0], session)
    assert graph.version == before
    assert session.run(v).tolist() == [3, 4]
    with pytest.raises(ValueError, match="Cannot feed value of shape"):
        v.load([1.0])


def test_adding_to_a_variable_in_python_only_renames(session):
    v = original = tf.Variable(1.0)
    v = v + 1
    session.run(original.initializer)
    assert session.run([v, original]) == [2.0, 1.0]


def test_gradients_flow_to_variables_and_not_to_what_they_started_from(session):
    start = tf.constant(3.0)
    v = tf.Variable(start)
    y = v * v
    session.run(v.initializer)
    assert session.run(tf.gradients(y, [v, v.value()])) == [6.0, 6.0]
    assert tf.gradients(y, [start, v.initializer.outputs[0]]) == [None, None]
    assert tf.gradients(v.assign(v * 2), v) == [None]


def test_gradients_with_respect_to_a_new_reading_are_none_unless_y_uses_it(session):
    v = tf.Variable(3.0)
    assert tf.gradients(v * v, v.read_value()) == [None]
    reading = v.read_value()
    session.run(v.initializer)
    assert session.run(tf.gradients(reading * reading, [v, reading])) == [6.0, 6.0]


def test_what_is_not_trainable_is_still_differentiable(session):
    v = tf.Variable(3.0, trainable=False)
    session.run(v.initializer)
    assert session.run(tf.gradients(v * v, v)) == [6.0]
    assert tf.trainable_variables() == []


def test_variables_are_listed_in_the_order_of_creation():
    with tf.name_scope("layer"):
        a = tf.Variable(1.0, name="a")
    b = tf.Variable(1.0, trainable=False, name="b")
    c = tf.Variable(1.0, collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False)
    assert tf.global_variables() == [a, b]
    assert tf.global_variables("layer") == [a]
    assert tf.trainable_variables() == [a]
    assert tf.local_variables() == [c]


def test_a_session_knows_which_variables_have_values(session):
    a, b = tf.Variable(1.0, name="a"), tf.Variable(1.0, name="b")
    missing = tf.report_uninitialized_variables()
    ready = tf.is_variable_initialized(a)
    assert session.run(missing).tolist() == [b"a", b"b"]
    session.run(a.initializer)
    assert session.run(missing).tolist() == [b"b"]
    assert session.run(ready)
    assert session.holds(a)
    assert not session.holds(b)


def test_sums_of_the_wrong_shape_are_refused_at_run_time_too(session):
    v, p = tf.Variable([1.0, 2.0]), tf.placeholder(tf.float32)
    session.run(v.initializer)
    for change in (v.assign(p), v.assign_add(p)):
        with pytest.raises(tf.errors.InvalidArgumentError, match="shape"):
            session.run(change, {p: [[1.0, 2.0], [3.0, 4.0]]})
    assert session.run(v).tolist() == [1, 2]


# Shared by name -----------------------------------------------------------------------------


def test_names_of_shared_variables_begin_with_their_scope():
    with tf.variable_scope("outer"), tf.variable_scope("inner") as scope:
        v = tf.get_variable("v", [2])
        assert (v.name, scope.name) == ("outer/inner/v:0", "outer/inner")
        assert tf.get_variable_scope() is scope
    assert (v + 1).name == "add:0"


def test_a_scope_with_reuse_shares():
    with tf.variable_scope("a"):
        v = tf.get_variable("v", [2])
    with tf.variable_scope("a", reuse=True):
        assert tf.get_variable("v", [2]) is v
        assert (tf.constant(1.0) + 1).name == "a_1/add:0"
    with tf.variable_scope("a") as scope:
        scope.reuse_variables()
        assert tf.get_variable("v") is v
    for _ in range(2):
        with tf.variable_scope("b", reuse=tf.AUTO_REUSE), tf.variable_scope("c"):
            w = tf.get_variable("w", [2])
    assert tf.global_variables() == [v, w]


def test_a_scope_can_be_entered_again_from_anywhere():
    with tf.variable_scope("a") as scope:
        pass
    with tf.variable_scope("elsewhere"), tf.variable_scope(scope):
        assert tf.get_variable("v", [1]).op.name == "a/v"


def test_default_names_of_scopes_are_counted_up():
    names = []
    for _ in range(2):
        with tf.variable_scope(None, "layer"):
            names.append(tf.get_variable("v", [1]).op.name)
    assert names == ["layer/v", "layer_1/v"]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: tf.get_variable("v", [2]), "Variable a/v already exists, disallowed. Did you"),
        (lambda: reused("new", [2]), "Variable a/new does not exist, or was not created with"),
        (lambda: reused("v", [3]), r"Trying to share variable a/v, but specified shape \(3,\)"),
        (lambda: reused("v", [2], tf.float64), "but specified dtype float64 and found dtype"),
        (lambda: tf.get_variable("w"), "The initializer passed is not valid. It should be a"),
        (lambda: tf.get_variable("w", [1], initializer=1.0), "If initializer is a constant, do"),
    ],
)
def test_what_does_not_fit_the_scope_is_refused(ask, message):
    with tf.variable_scope("a"):
        tf.get_variable("v", [2])
        with pytest.raises(ValueError, match=message):
            ask()


def reused(*args):
    with tf.variable_scope(tf.get_variable_scope(), reuse=True):
        return tf.get_variable(*args)


@pytest.mark.parametrize(
    ("initializer", "check"),
    [
        (None, lambda v: (abs(v) <= np.sqrt(6 / 300)).all()),
        (tf.zeros_initializer, lambda v: (v == 0).all()),
        (tf.ones_initializer(), lambda v: (v == 1).all()),
        (tf.constant_initializer(7), lambda v: (v == 7).all()),
        (tf.random_normal_initializer(5.0, 0.1), lambda v: abs(v.mean() - 5) < 0.1),
        (tf.truncated_normal_initializer(0.0, 1.0), lambda v: (abs(v) <= 2).all()),
        (tf.random_uniform_initializer(-1, 0), lambda v: ((v >= -1) & (v < 0)).all()),
        (tf.random_uniform_initializer(2, 3), lambda v: ((v >= 2) & (v < 3)).all()),
        (tf.glorot_normal_initializer(), lambda v: abs(v.std() - np.sqrt(2 / 300)) < 0.01),
        (tf.variance_scaling_initializer(2.0), lambda v: abs(v.std() - np.sqrt(0.02)) < 0.02),
        (lambda shape, dtype, **_: tf.fill(shape, 4.0), lambda v: (v == 4).all()),
    ],
)
def test_initializers_fill_a_shape(session, initializer, check):
    tf.set_random_seed(1)
    v = tf.get_variable("v", [100, 200], initializer=initializer)
    session.run(v.initializer)
    value = session.run(v)
    assert value.shape == (100, 200)
    assert value.dtype == np.float32
    assert check(value)


def test_an_initial_value_or_a_scopes_initializer_will_do(session):
    with tf.variable_scope("a", initializer=tf.constant_initializer(2.0)):
        values = [tf.get_variable("v", [1])]
        values += [tf.get_variable(n, initializer=i) for n, i in (("w", [3.0]), ("u", tf.ones(1)))]
    session.run(tf.global_variables_initializer())
    assert session.run(values) == [[2.0], [3.0], [1.0]]


def test_a_regularizer_joins_the_losses_of_the_graph(graph):
    tf.get_variable("v", [1], regularizer=lambda v: tf.reduce_sum(v * v))
    assert len(graph.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda dtype: tf.zeros([2], dtype),
        lambda dtype: tf.zeros(tf.placeholder_with_default([2], [1]), dtype),
        lambda dtype: tf.zeros_like(tf.zeros([2], dtype)),
        lambda dtype: tf.zeros_like([1.0, 2.0], dtype),
        lambda dtype: tf.zeros_like(tf.placeholder_with_default([1.0, 2.0], [None]), dtype),
        lambda dtype: tf.zeros_like(tf.placeholder_with_default(tf.zeros([2], dtype), [None])),
        lambda dtype: tf.zeros_initializer()([2], dtype),
        lambda dtype: tf.zeros_initializer(dtype)([2]),
        lambda dtype: tf.get_variable("v", [2], dtype, tf.zeros_initializer),
    ],
)
@pytest.mark.parametrize("dtype", [tf.string, tf.bool, tf.int32, tf.float64, tf.complex64])
def test_the_zero_of_every_dtype_is_its_own_and_that_of_text_is_empty(session, make, dtype):
    made = make(dtype)
    session.run(tf.global_variables_initializer())
    value = session.run(made)
    assert made.dtype == dtype
    assert value.dtype == dtype.as_numpy_dtype
    assert value.tolist() == [b"" if dtype == tf.string else 0] * 2


def test_a_variable_without_an_initializer_begins_at_the_zero_of_its_dtype(session):
    dtypes = [tf.string, tf.bool, tf.int64]
    made = [tf.get_variable(dtype.name, [1], dtype) for dtype in dtypes]
    session.run(tf.global_variables_initializer())
    assert [value.tolist() for value in session.run(made)] == [[b""], [False], [0]]
    with pytest.raises(ValueError, match=r"An initializer for variable z of .* is required"):
        tf.get_variable("z", [1], tf.complex64)


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: tf.ones([2], tf.string), TypeError, "Expected string, got 1 of type 'int'"),
        (lambda: tf.ones_like(["a"]), TypeError, "Expected string, got 1 of type 'int'"),
        (lambda: tf.ones_like([1.0], tf.string), TypeError, "Expected string, got 1"),
        (lambda: tf.ones_initializer()([2], tf.string), TypeError, "Expected string, got 1"),
        (lambda: tf.identity_initializer()([2, 2], tf.int32), TypeError, "Expected int32, got 1.0"),
        (lambda: tf.random_normal([2], dtype=tf.int32), TypeError, "Expected int32, got 0.0"),
        (lambda: tf.truncated_normal([2], dtype=tf.complex64), TypeError, "DataType complex64 not"),
        (lambda: tf.random_uniform([2], dtype=tf.uint8), ValueError, "Invalid dtype tf.uint8"),
        (lambda: tf.random_uniform([2], 0.5, 2, tf.int32), TypeError, "Expected int32, got 0.5"),
        (lambda: tf.random_normal_initializer()([2], tf.int64), TypeError, "Expected int64, got 0"),
        (
            lambda: tf.glorot_uniform_initializer()([2], tf.int32),
            TypeError,
            "Expected int32, got -",
        ),
    ],
)
def test_what_a_dtype_does_not_have_is_refused_by_whatever_makes_it(build, error, message):
    with pytest.raises(error, match=message):
        build()
