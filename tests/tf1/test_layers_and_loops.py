"""Layers, cells, loops and samples: names, shapes, and what is refused."""

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.checks.test import assert_gradient


@pytest.fixture(autouse=True)
def empty_graph():
    tf.reset_default_graph()


def names():
    return [variable.name for variable in tf.global_variables()]


def test_layers_without_a_name_count_up_within_their_scope():
    x = tf.ones([2, 3])
    for _ in range(2):
        with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
            tf.layers.dense(tf.layers.dense(x, 4), 4)
    assert names() == [
        *("net/dense/kernel:0", "net/dense/bias:0"),
        *("net/dense_1/kernel:0", "net/dense_1/bias:0"),
    ]


def test_operations_of_a_layer_stand_in_its_scope():
    y = tf.layers.dense(tf.ones([2, 3]), 4, activation="relu", name="hidden")
    assert (y.name, y.op.inputs[0].op.name) == ("hidden/Relu:0", "hidden/BiasAdd")


def test_a_layer_object_shares_its_variables():
    layer = tf.layers.Dense(3, kernel_initializer="he_normal")
    layer(layer(tf.ones([2, 3])))
    assert names() == ["dense/kernel:0", "dense/bias:0"]
    assert [v.name for v in layer.trainable_weights] == names()


def test_a_name_that_exists_needs_reuse():
    tf.layers.dense(tf.ones([2, 3]), 4, name="one")
    with pytest.raises(ValueError, match="Variable one/kernel already exists"):
        tf.layers.dense(tf.ones([2, 3]), 4, name="one")
    tf.layers.dense(tf.ones([2, 3]), 4, name="one", reuse=True)


def test_the_inputs_of_a_layer_need_a_known_size():
    with pytest.raises(ValueError, match="should be defined"):
        tf.layers.dense(tf.placeholder(tf.float32, [None, None]), 4)


def test_regularizers_join_the_regularization_losses_once():
    for reuse in (None, True):
        regularizer = tf.contrib.layers.l2_regularizer(0.1)
        tf.layers.dense(tf.ones([2, 3]), 4, kernel_regularizer=regularizer, name="a", reuse=reuse)
    (loss,) = tf.losses.get_regularization_losses()
    assert loss.name == "a/kernel/Regularizer/l2_regularizer:0"


def test_a_layer_along_the_last_of_three_axes():
    assert tf.layers.dense(tf.ones([2, 5, 3]), 4).shape.as_list() == [2, 5, 4]


def test_a_slot_is_named_after_the_variable_scope_it_was_made_in():
    w = tf.Variable(1.0, name="w")
    with tf.variable_scope("train"):
        tf.train.AdamOptimizer().minimize(w * w)
    assert names()[1:] == [
        *("train/beta1_power:0", "train/beta2_power:0", "train/w/Adam:0", "train/w/Adam_1:0"),
    ]


def test_cells_are_unrolled_by_tf_nn_and_tf_contrib_rnn_alone():
    unrolling = {"static_rnn", "static_bidirectional_rnn"}
    assert not unrolling & set(dir(tf.nn.rnn_cell))
    assert unrolling < set(dir(tf.nn))
    assert set(dir(tf.contrib.rnn)) == unrolling | set(dir(tf.nn.rnn_cell))


def test_whatever_has_a_state_of_zeros_is_a_cell_but_not_a_class_of_them():
    class Sum:
        def zero_state(self, batch_size, dtype):
            return tf.zeros([batch_size, 1], dtype)

        def __call__(self, inputs, state):
            return state + inputs, state + inputs

    _, state = tf.nn.static_rnn(Sum(), [tf.ones([2, 1])] * 3, dtype=tf.float32)
    assert tf.Session().run(state).tolist() == [[3.0], [3.0]]
    for other in (Sum, tf.nn.rnn_cell.GRUCell, 3):
        with pytest.raises(TypeError, match="is not an RNNCell"):
            tf.nn.static_rnn(other, [tf.ones([2, 1])], dtype=tf.float32)


def test_loops_of_unknown_length_say_what_to_do():
    x = tf.placeholder(tf.float32, [None, None, 3])
    cell = tf.nn.rnn_cell.GRUCell(2)
    with pytest.raises(NotImplementedError, match="the number of steps is unknown"):
        tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    with pytest.raises(NotImplementedError, match="unroll the loop in Python"):
        tf.map_fn(lambda row: row, x)
    with pytest.raises(NotImplementedError, match="unroll the loop in Python"):
        tf.while_loop(lambda x: tf.norm(x) < 3, lambda x: x * 2, [x])


def test_a_loop_goes_on_as_its_condition_of_numbers_says():
    x = tf.constant(2.0)
    turns, power = tf.while_loop(lambda i, a: i < 5, lambda i, a: (i + 1, a * x), [0, 1.0])
    doubled = tf.while_loop(lambda a: tf.reduce_sum(a) < 10.0, lambda a: 2 * a, [tf.ones([2])])
    thrice = tf.while_loop(lambda a: True, lambda a: a * x, [1.0], maximum_iterations=3)
    slope = tf.gradients(power, x)[0]
    with tf.Session() as session:
        assert session.run([turns, power, thrice]) == [5, 32, 8]
        assert session.run([slope, *tf.gradients(slope, x)]) == [80, 160]
        np.testing.assert_array_equal(session.run(doubled), [8, 8])


def test_a_loop_in_a_branch_is_unrolled_in_that_branch():
    x = tf.placeholder(tf.float32, [])

    def cubed():
        return tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * x), [0, 1.0])[1]

    y = tf.cond(x > 0, cubed, lambda: x)
    assert tf.Session().run([y, *tf.gradients(y, x)], {x: 3.0}) == [27, 27]


def test_a_loop_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="don't have the same nested structure"):
        tf.while_loop(lambda i: i < 3, lambda i: (i, i), [0])
    with pytest.raises(NotImplementedError, match="goes on after 1,000 turns"):
        tf.while_loop(lambda i: i >= 0, lambda i: i + 1, [0])


def test_gradients_pass_loops():
    rows = np.array([[0.5, -1.0], [2.0, 0.25], [1.5, 3.0]])
    assert_gradient(lambda x: tf.scan(lambda total, row: total * row, x), rows)
    assert_gradient(lambda x: tf.scan(lambda total, row: total * row, x, reverse=True), rows)
    assert_gradient(lambda x: tf.map_fn(lambda pair: pair[0] * pair[1], (x, x), tf.float64), rows)
    assert_gradient(lambda x: tf.foldl(lambda total, row: total - row * row, x), rows)
    assert_gradient(lambda x: tf.foldr(lambda total, row: total * row, x), rows)


def test_samples_follow_their_probabilities():
    logits = tf.log([[0.1, 0.2, 0.7]])
    with tf.Session() as session:
        drawn = session.run(tf.multinomial(logits, 20000, seed=1))
    np.testing.assert_allclose(np.bincount(drawn[0]) / 20000, [0.1, 0.2, 0.7], atol=0.02)


def test_a_sample_without_repetition_says_about_how_often_a_class_comes():
    sampler = tf.nn.log_uniform_candidate_sampler([[0]], 1, 4, True, 10, seed=3)
    found = np.zeros(10)
    expected = []
    with tf.Session() as session:
        for _ in range(2000):
            sampled, true, _ = session.run(sampler)
            assert len(set(sampled.tolist())) == 4
            found[sampled] += 1 / 2000
            expected.append(true[0, 0])
    assert found[0] == pytest.approx(
        np.mean(expected), abs=0.12
    )  # of the time that it took, as TensorFlow
    assert found[0] > found[9]


@pytest.mark.parametrize(("x", "value"), [(-2.0, 2.0), (0.5, 0.25), (3.0, 9.0)])
def test_case_takes_the_first_that_is_true(x, value):
    at = tf.placeholder(tf.float32, [])
    y = tf.case({at < 0: lambda: -at, at > 1: lambda: 3 * at}, default=lambda: at * at / 1.0)
    wanted = {3.0: 9.0}.get(x, value)
    assert tf.Session().run(y, {at: x}) == wanted


def test_case_that_is_exclusive_fails_where_two_are_true():
    x = tf.constant(3.0)
    y = tf.case([(x > 1, lambda: x), (x > 2, lambda: -x)], default=lambda: x, exclusive=True)
    with pytest.raises(tf.errors.InvalidArgumentError, match="More than one condition evaluated"):
        tf.Session().run(y)


def test_scalars_of_a_writer_are_kept_in_a_file(tmp_path):
    x = tf.placeholder(tf.float32, [])
    tf.summary.scalar("x", x)
    merged = tf.summary.merge_all()
    with tf.Session() as session, tf.summary.FileWriter(tmp_path) as writer:
        for step in range(3):
            writer.add_summary(session.run(merged, {x: step / 2}), step)
    assert dict(writer) == {"x": [0.0, 0.5, 1.0]}
    assert (tmp_path / "scalars.csv").read_text().split() == ["x,0,0.0", "x,1,0.5", "x,2,1.0"]


def test_a_writer_keeps_the_scalars_of_a_summary_made_in_python(tmp_path):
    summary = tf.Summary()
    summary.value.add(tag="reward", simple_value=3.0)
    with tf.summary.FileWriter(str(tmp_path)) as writer:
        writer.add_summary(summary, 1)
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="reward", simple_value=4.0)]), 2)
    assert writer == {"reward": [3.0, 4.0]}
    assert (tmp_path / "scalars.csv").read_text().split() == ["reward,1,3.0", "reward,2,4.0"]


def test_versions_are_told_apart():
    assert tf.VERSION == "1.15.5"
    assert tf.__version__.count(".") == 2
