"""What learners write: it runs, and mypy (which reads this file too) takes it as it stands."""

import numpy as np

import nbgrad as tf


def test_values_shapes_and_dtypes_may_be_written_in_many_ways() -> None:
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 3])
        x.set_shape([2, None])
        assert x.shape.merge_with((2, 3)).as_list() == [2, 3]
        named = [tf.as_dtype(t) for t in (np.float32, float, "float32", np.dtype("f4"))]
        assert named == [tf.float32] * 4
        starts = tf.zeros_initializer(), tf.zeros_initializer, 1.0, np.ones(2)
        made = [tf.get_variable("a", [2], initializer=starts[0])]
        made += [tf.get_variable("b", (2,), "float64", starts[1])]
        made += [tf.get_variable("c", initializer=starts[2])]
        made += [tf.get_variable("d", initializer=starts[3])]
        assert [v.dtype.name for v in made] == ["float32", "float64", "float32", "float64"]


def test_fetches_and_feeds_may_be_nested_and_named() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        x, w = tf.placeholder(tf.float32, name="x"), tf.Variable(2.0)
        y = tf.square(x) * w
        session.run(w.initializer)
        assert session.run(y, {x: 3.0}) == 18
        assert session.run([y, (w, "x:0")], {"x:0": np.ones(())}) == [1 * 2, (2, 1)]
        assert session.run({"y": y, "dy": tf.gradients(y, [x, w])}, feed_dict={x: 3}) == {
            "y": 18,
            "dy": [12, 9],
        }
        assert session.make_callable(y, [x])(1.0) == y.eval({x: 1.0}) == 2


def test_a_training_program_is_understood() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        w, step = tf.Variable([3.0, -2.0]), tf.train.get_or_create_global_step()
        loss = tf.reduce_sum(w * w)
        rate = tf.train.exponential_decay(0.25, step, 10, 0.5)
        optimizers = [
            tf.train.AdamOptimizer(rate),
            tf.train.MomentumOptimizer(lambda: 0.25, 0.5),
            tf.train.GradientDescentOptimizer(1),
        ]
        trains = [each.minimize(loss, global_step=step, var_list=w) for each in optimizers]
        pairs = optimizers[0].compute_gradients(loss)
        trains.append(optimizers[0].apply_gradients(pairs))
        session.run(tf.global_variables_initializer())
        session.run([trains, pairs])
        assert tf.train.global_step(session, step) == 3
