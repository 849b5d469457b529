"""Sessions: which graph and which variables are theirs, which one is the default, how they fail."""

import numpy as np
import pytest

import nbgrad as tf

# Sessions -----------------------------------------------------------------------------------


def test_a_session_runs_the_graph_it_was_given_not_the_default_one():
    other = tf.Graph()
    with other.as_default():
        a = tf.constant(3.0)
    with tf.Session(graph=other) as session:
        assert session.run(a) == 3.0
        assert tf.get_default_graph() is other


def test_sessions_keep_their_variables_apart():
    v = tf.Variable(1.0)
    one, two = tf.Session(), tf.Session()
    for session in (one, two):
        session.run(v.initializer)
    one.run(v.assign_add(10.0))
    assert (one.run(v), two.run(v)) == (11.0, 1.0)


def test_tensors_and_operations_run_in_the_default_session(session):
    v = tf.Variable(2.0)
    v.initializer.run()
    assert v.eval() == 2.0
    assert (v * 3).eval({v: 5}) == 15.0
    assert tf.get_default_session() is session


def test_as_default_does_not_close_and_may_be_nested():
    session = tf.Session()
    a = tf.constant(1.0)
    with session.as_default(), tf.Session().as_default() as inner, session.as_default():
        assert tf.get_default_session() is session
        assert a.eval(session=inner) == 1.0
    assert session.run(a) == 1.0
    assert tf.get_default_session() is None


def test_a_session_can_be_entered_once_only():
    session = tf.Session()
    with session, pytest.raises(RuntimeError, match="Session context managers are not re-entrant"):
        session.__enter__()


def test_a_closed_session_refuses():
    a = tf.constant(1.0)
    session = tf.Session()
    session.close()
    with pytest.raises(RuntimeError, match="Attempted to use a closed Session"):
        session.run(a)


def test_an_interactive_session_is_the_default_until_it_is_closed():
    session = tf.InteractiveSession()
    assert (tf.constant(2.0) * 2).eval() == 4.0
    session.close()
    assert tf.get_default_session() is None


def test_configurations_are_accepted():
    config = tf.ConfigProto(log_device_placement=True, gpu_options=tf.GPUOptions())
    config.gpu_options.allow_growth = True
    with tf.device("/gpu:0"):
        a = tf.constant(1.0)
    with tf.Session("", config=config) as session:
        assert session.run(a, options=tf.RunOptions(), run_metadata=tf.RunMetadata()) == 1.0


@pytest.mark.parametrize("use", ["given", "default"])
def test_a_session_uses_the_graph_that_is_there(use, graph):
    six = tf.constant(6.0, shape=[1, 1]) @ tf.constant(7.0, shape=[1, 1])
    with tf.Session(graph=graph) if use == "given" else tf.Session() as session:
        assert session.graph is graph
        assert six.eval().tolist() == [[42.0]]


def test_two_sessions_may_share_a_graph(graph):
    three = tf.constant(3.0)
    with tf.Session(graph=graph) as one, tf.Session(graph=graph) as two:
        assert one.run(three) == two.run(three) == 3.0
        assert one.graph is two.graph


def test_a_session_that_was_not_entered_runs_but_is_no_default(graph):
    c = tf.constant(5.0)
    session = tf.Session()
    assert tf.get_default_session() is None
    with pytest.raises(ValueError, match="No default session"):
        c.eval()
    assert c.eval(session=session) == session.run(c) == 5.0
    session.close()


def test_leaving_the_default_by_an_error_restores_what_was_before(graph):
    tf.constant(1.0)
    outer, inner = tf.Session(), tf.Session()
    with outer.as_default():
        with pytest.raises(ValueError, match="no_such"), inner.as_default():
            tf.get_default_session().run("no_such:0")
        assert tf.get_default_session() is outer
    assert tf.get_default_session() is None


# Failures -----------------------------------------------------------------------------------


def test_tensors_of_another_graph_are_neither_fetched_nor_fed(session):
    here = tf.constant(1.0)
    with tf.Graph().as_default():
        there = tf.constant(1.0)
    with pytest.raises(ValueError, match="is not an element of this graph"):
        session.run(there)
    with pytest.raises(TypeError, match="is not an element of this graph"):
        session.run(here, {there: 1})


def test_evaluating_needs_a_session():
    a = tf.constant(1.0)
    with pytest.raises(ValueError, match=r"Cannot evaluate tensor using `eval\(\)`: No default"):
        a.eval()
    with pytest.raises(ValueError, match=r"Cannot execute operation using `run\(\)`: No default"):
        a.op.run()


def test_shapes_that_clash_at_run_time_are_reported_with_the_operation(session):
    p, q = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    total = tf.add(p, q, name="total")
    message = r"Incompatible shapes: \[2\] vs. \[3\]\nOperation 'total' \(type 'Add'\), created in"
    with pytest.raises(tf.errors.InvalidArgumentError, match=message) as caught:
        session.run(total, {p: [1, 2], q: [1, 2, 3]})
    assert caught.value.op is total.op


def test_an_array_that_no_memory_has_room_for_is_no_invalid_argument(session):
    large = tf.fill([2**25, 2**25], 1.0, name="large")
    message = "^OOM when allocating tensor: .*\nOperation 'large' .type 'Fill'"
    with pytest.raises(tf.errors.ResourceExhaustedError, match=message):
        session.run(large)


# Randomness -----------------------------------------------------------------------------------


def test_a_random_operation_is_drawn_anew_in_every_run_and_once_in_each(session):
    r = tf.random_normal([4])
    first, loss, gradient = session.run([r, tf.reduce_sum(r * r), tf.gradients(r * r, r)[0]])
    assert loss == pytest.approx((first**2).sum(), rel=1e-6)
    np.testing.assert_allclose(gradient, 2 * first)
    assert not np.array_equal(first, session.run(r))


def test_a_seed_repeats_the_sequence_in_every_session():
    r = tf.random_uniform([4], seed=7)
    one, two = tf.Session(), tf.Session()
    drawn = [one.run(r).tolist(), one.run(r).tolist()]
    assert drawn == [two.run(r).tolist(), two.run(r).tolist()]
    assert drawn[0] != drawn[1]


def test_a_seed_of_the_graph_gives_each_operation_its_own_sequence():
    tf.set_random_seed(3)
    a, b = tf.random_normal([4]), tf.random_normal([4])
    once = [value.tolist() for value in tf.Session().run([a, b])]
    again = [value.tolist() for value in tf.Session().run([a, b])]
    assert once == again
    assert once[0] != once[1]


def test_looking_at_a_graph_does_not_change_its_random_numbers(graph):
    tf.set_random_seed(3)
    with graph.scratch():
        tf.random_normal([2])
    late = tf.Session().run(tf.random_normal([2]))
    with tf.Graph().as_default():
        tf.set_random_seed(3)
        assert tf.Session().run(tf.random_normal([2])).tolist() == late.tolist()
