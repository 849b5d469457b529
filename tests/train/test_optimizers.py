"""Optimizers: each against its formula in NumPy, and what all of them share."""

import re

import numpy as np
import pytest

import nbgrad as tf

START, RATE, STEPS = np.array([1.0, -2.0, 3.0]), 0.05, 5


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def slope(w):
    """The gradient of the loss Σ w² · (1, 2, ½) + w₀ · w₁."""
    return 2 * w * [1, 2, 0.5] + [w[1], w[0], 0]


def gradient_descent(w, g, s):
    return w - RATE * g


def momentum(w, g, s, nesterov=False):
    s["a"] = 0.9 * s.get("a", 0) + g
    return w - RATE * (g + 0.9 * s["a"] if nesterov else s["a"])


def nesterov(w, g, s):
    return momentum(w, g, s, nesterov=True)


def adagrad(w, g, s):
    s["a"] = s.get("a", 0.1) + g**2
    return w - RATE * g / np.sqrt(s["a"])


def adadelta(w, g, s):
    s["a"] = 0.95 * s.get("a", 0) + 0.05 * g**2
    u = np.sqrt(s.get("d", 0) + 1e-8) / np.sqrt(s["a"] + 1e-8) * g
    s["d"] = 0.95 * s.get("d", 0) + 0.05 * u**2
    return w - RATE * u


def rms_prop(w, g, s, m=0.0, centered=False):
    s["r"] = 0.9 * s.get("r", 1) + 0.1 * g**2
    s["g"] = 0.9 * s.get("g", 0) + 0.1 * g
    spread = s["r"] - s["g"] ** 2 if centered else s["r"]
    s["m"] = m * s.get("m", 0) + RATE * g / np.sqrt(spread + 1e-10)
    return w - s["m"]


def rms_prop_with_momentum(w, g, s):
    return rms_prop(w, g, s, m=0.5, centered=True)


def adam(w, g, s, epsilon=1e-8):
    s["t"] = t = s.get("t", 0) + 1
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.999 * s.get("v", 0) + 0.001 * g**2
    rate = RATE * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * s["m"] / (np.sqrt(s["v"]) + epsilon)


def adam_with_large_epsilon(w, g, s):
    return adam(w, g, s, epsilon=0.1)


OPTIMIZERS = [
    (gradient_descent, lambda: tf.train.GradientDescentOptimizer(RATE)),
    (momentum, lambda: tf.train.MomentumOptimizer(RATE, 0.9)),
    (nesterov, lambda: tf.train.MomentumOptimizer(RATE, 0.9, use_nesterov=True)),
    (adagrad, lambda: tf.train.AdagradOptimizer(RATE)),
    (adadelta, lambda: tf.train.AdadeltaOptimizer(RATE)),
    (rms_prop, lambda: tf.train.RMSPropOptimizer(RATE)),
    (
        rms_prop_with_momentum,
        lambda: tf.train.RMSPropOptimizer(RATE, momentum=0.5, centered=True),
    ),
    (adam, lambda: tf.train.AdamOptimizer(RATE)),
    (adam_with_large_epsilon, lambda: tf.train.AdamOptimizer(RATE, epsilon=0.1)),
]


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
@pytest.mark.parametrize(("formula", "make"), OPTIMIZERS)
def test_five_steps_follow_the_formula(formula, make, dtype):
    v = tf.Variable(START, dtype=dtype)
    train = make().minimize(tf.reduce_sum(v * v * [1.0, 2.0, 0.5]) + v[0] * v[1])
    w, state = START, {}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(STEPS):
            session.run(train)
            w = formula(w, slope(w), state)
            value = session.run(v)
            assert value.dtype == dtype.as_numpy_dtype
            # Settings such as β are float32 in TensorFlow, whatever the variable is.
            np.testing.assert_allclose(value, w, rtol=2e-5)


def run_once(train, *fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)
        return session.run(list(fetches))


def test_a_step_of_descent_on_two_variables():
    v0, v1 = tf.Variable([1.0, 2.0]), tf.Variable([3.0, 4.0])
    train = tf.train.GradientDescentOptimizer(3.0).minimize(5 * v0 + 3 * v1)
    assert np.array(run_once(train, v0, v1)).tolist() == [[-14, -13], [-6, -5]]


@pytest.mark.parametrize("method", [0, 1, 2])
def test_an_aggregation_method_changes_nothing(method):
    v = tf.Variable([1.0, 2.0])
    optimizer = tf.train.GradientDescentOptimizer(3.0)
    train = optimizer.minimize(5 * v, aggregation_method=method)
    assert run_once(train, v)[0].tolist() == [-14, -13]


def test_the_loss_may_have_a_seed():
    v0, v1 = tf.Variable([1.0, 2.0]), tf.Variable([3.0, 4.0])
    optimizer = tf.train.GradientDescentOptimizer(3.0)
    train = optimizer.minimize(5 * v0 + 3 * v1, grad_loss=tf.constant([42.0, -42.0]))
    after = np.array(run_once(train, v0, v1)).tolist()
    assert after == [[1 - 630, 2 + 630], [3 - 378, 4 + 378]]


def test_gradients_come_in_pairs_with_their_variables():
    x, y = tf.Variable(5.0), tf.Variable(3.0)
    fixed = tf.Variable(1.0, trainable=False)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    pairs = optimizer.compute_gradients(x**2 + x * y + 3)
    assert [variable for _, variable in pairs] == [x, y]
    assert fixed not in [variable for _, variable in pairs]
    train = optimizer.apply_gradients([(g, v) for g, v in pairs])
    np.testing.assert_allclose(run_once(train, x, y), [3.7, 2.5], rtol=1e-6)
    assert optimizer.compute_gradients(x * y, x)[0][1] is x


def test_a_pair_can_be_fetched_as_it_is():
    x = tf.Variable(5.0)
    pairs = tf.train.AdamOptimizer().compute_gradients(x * x)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(pairs) == [(10.0, 5.0)]


def test_gradients_with_respect_to_tensors_can_be_computed_but_not_applied():
    x = tf.ones([1])
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    pairs = optimizer.compute_gradients(x * x, [x])
    assert tf.Session().run(pairs[0][0]).tolist() == [2]
    with pytest.raises(NotImplementedError, match="Trying to update a Tensor"):
        optimizer.apply_gradients(pairs)


def test_gradients_may_be_kept_in_variables_first():
    v, kept = tf.Variable([1.0, 2.0]), tf.Variable([0.0, 0.0], trainable=False)
    optimizer = tf.train.GradientDescentOptimizer(3.0)
    [(gradient, _)] = optimizer.compute_gradients(5 * v)
    with tf.control_dependencies([kept.assign(gradient)]):
        train = optimizer.apply_gradients([(kept.read_value(), v)])
    assert run_once(train, v)[0].tolist() == [-14, -13]


def test_the_global_step_counts_after_the_updates(graph):
    v, step = tf.Variable(1.0), tf.train.get_or_create_global_step()
    assert tf.train.get_or_create_global_step() is tf.train.get_global_step() is step
    assert step.dtype == tf.int64
    train = tf.train.GradientDescentOptimizer(0.1).minimize(v * v, global_step=step)
    assert train.type == "AssignAdd"
    assert graph.get_collection(tf.GraphKeys.TRAIN_OP) == [train]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert [session.run(train) for _ in range(3)] == [None] * 3
        assert tf.train.global_step(session, step) == 3


def test_slots_are_variables_named_after_what_they_stand_beside():
    v = tf.Variable([1.0, 2.0], name="v")
    optimizer = tf.train.AdamOptimizer()
    assert optimizer.get_slot(v, "m") is None
    train = optimizer.minimize(v * v)
    assert (train.name, train.type) == ("Adam", "NoOp")
    assert optimizer.get_slot_names() == ["m", "v"]
    assert optimizer.get_slot(v, "m").name == "v/Adam:0"
    names = [variable.op.name for variable in optimizer.variables()]
    assert names == ["beta1_power", "beta2_power", "v/Adam", "v/Adam_1"]
    assert tf.trainable_variables() == [v]
    momentum = tf.train.MomentumOptimizer(0.1, 0.9)
    momentum.minimize(v * v)
    assert momentum.get_slot(v, "momentum").op.name == "v/Momentum"


@pytest.mark.parametrize(
    "rate", [0.5, 1 / 2, lambda: 0.5, lambda: tf.constant(0.5), lambda: tf.Variable(0.5)]
)
def test_a_learning_rate_may_be_a_number_a_function_a_tensor_or_a_variable(rate):
    v = tf.Variable(1.0)
    train = tf.train.GradientDescentOptimizer(rate).minimize(v * v, var_list=[v])
    assert run_once(train, v) == [0.0]


def test_a_learning_rate_may_be_fed_step_by_step():
    v, rate = tf.Variable(1.0), tf.placeholder(tf.float32, [])
    train = tf.train.GradientDescentOptimizer(rate).minimize(v)
    with tf.Session() as session:
        session.run(v.initializer)
        for value in (1.0, 0.25):
            session.run(train, {rate: value})
        assert session.run(v) == -0.25


def test_a_constraint_holds_after_every_step():
    def clipped(w):
        return tf.clip_by_value(w, 0.0, 0.5)

    v = tf.Variable([1.0, 0.1], constraint=clipped)
    train = tf.train.GradientDescentOptimizer(0.3).minimize(v)
    assert run_once(train, v)[0].tolist() == [0.5, 0]


def test_an_optimizer_of_ones_own_says_how_a_variable_changes():
    class SignDescent(tf.train.Optimizer):
        def __init__(self, rate):
            super().__init__(name="SignDescent")
            self.rate = rate

        def _apply_dense(self, grad, var):
            return var.assign_sub(self.rate * tf.sign(grad))

    v = tf.Variable([1.0, -2.0])
    assert run_once(SignDescent(0.5).minimize(v * v), v)[0].tolist() == [0.5, -1.5]


def test_a_copy_without_slots_trains_other_variables_as_from_the_start(graph):
    def steps_of(optimizer):
        w = tf.Variable([3.0, -2.0])
        step = optimizer.minimize(w * w)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            return [session.run([w, step])[0].tolist() for _ in range(3)]

    adam = tf.train.AdamOptimizer(0.25, beta1=0.5)
    first, mine = steps_of(adam), adam.variables()
    with tf.Graph().as_default():
        twin = adam.without_slots()
        assert isinstance(twin, tf.train.AdamOptimizer)
        assert twin.variables() == []
        assert steps_of(twin) == first
        assert len(twin.variables()) == len(mine) == 4
    assert adam.variables() == mine
    assert {variable.graph for variable in mine} == {graph}


def test_settings_of_ones_own_optimizer_become_tensors():
    class SignDescent(tf.train.Optimizer):
        def __init__(self, rate):
            super().__init__(name="SignDescent", rate=rate)

        def _apply_dense(self, grad, var):
            return var.assign_sub(self._settings["rate"] * tf.sign(grad))

    w = tf.Variable([3.0, -2.0])
    step = SignDescent(lambda: 1).minimize(w * w)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(step)
        assert session.run(w).tolist() == [2.0, -1.0]


def test_everything_fetched_beside_a_step_is_from_before_it():
    v = tf.Variable(1.0)
    loss = v * v
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run([loss, train, v]) == [1.0, None, 1.0]
        assert session.run(v) == pytest.approx(0.8)


NO_GRADIENT = "No gradients provided for any variable"


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda o, v: o.minimize(tf.constant(1.0), var_list=[]), ValueError, "No variables to op"),
        (lambda o, v: o.minimize(tf.constant(1.0)), ValueError, f"{NO_GRADIENT}, check your graph"),
        (lambda o, v: o.apply_gradients([]), ValueError, "No variables provided."),
        (lambda o, v: o.apply_gradients([(None, v)]), ValueError, NO_GRADIENT + ": ["),
        (lambda o, v: o.minimize(3.0), AttributeError, "'float' object has no attribute 'dtype'"),
        (lambda o, v: o.minimize(tf.constant(1)), ValueError, "Invalid type tf.int32 for Const"),
        (lambda o, v: o.minimize(v, gate_gradients=7), ValueError, "gate_gradients must be one of"),
        (
            lambda o, v: o.apply_gradients([(tf.ones([3]), v)]),
            ValueError,
            "Dimension 0 in both shapes must be equal, but are 2 and 3",
        ),
        (lambda o, v: tf.train.Optimizer(name=""), ValueError, "Must specify the optimizer name"),
    ],
)
def test_what_cannot_be_trained_is_refused(build, error, message):
    v = tf.Variable([1.0, 2.0])
    with pytest.raises(error, match=re.escape(message)):
        build(tf.train.GradientDescentOptimizer(0.1), v)


def test_an_initializer_leaves_out_variables_created_after_it():
    v = tf.Variable(1.0)
    early = tf.global_variables_initializer()
    train = tf.train.AdamOptimizer().minimize(v * v)
    with tf.Session() as session:
        session.run(early)
        with pytest.raises(tf.errors.FailedPreconditionError, match="value beta1_power"):
            session.run(train)


@pytest.fixture
def session(graph):
    with tf.Session() as session:
        yield session


@pytest.fixture
def pair(session):
    pair = tf.Variable([1.0, 2.0]), tf.Variable([3.0, 4.0])
    session.run(tf.global_variables_initializer())
    return pair


def test_no_trainable_variables_are_nothing_to_minimize():
    loss = tf.Variable(5.0, trainable=False) * 5.0
    with pytest.raises(ValueError, match="No variables to optimize"):
        tf.train.GradientDescentOptimizer(3.0).minimize(loss)


def test_no_gradient_at_all_is_nothing_to_apply(pair):
    v0, v1 = pair
    optimizer = tf.train.GradientDescentOptimizer(3.0)
    with pytest.raises(ValueError, match="No gradients"):
        optimizer.minimize(v0 * 5.0, var_list=[v1])
    with pytest.raises(ValueError, match="No gradients provided for any variable"):
        optimizer.apply_gradients([(None, v0), (None, v1)])


def test_one_gradient_is_enough_to_apply(session, pair):
    v0, v1 = pair
    step = tf.train.GradientDescentOptimizer(3.0).minimize(v1 * 5.0, var_list=[v0, v1])
    session.run(step)
    assert session.run(v0).tolist() == [1.0, 2.0]
    assert session.run(v1).tolist() == [-12.0, -11.0]
