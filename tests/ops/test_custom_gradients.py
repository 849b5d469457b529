"""Gradients of one's own: registered, for a whole function, around Python, and in branches."""

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


@tf.RegisterGradient("Straight through near zero")
def straight_through(op, dz):
    x = op.inputs[0]
    return tf.where((x >= -1) & (x <= 1), dz, tf.zeros_like(dz))


@tf.RegisterGradient("Reversed")
def reversed_gradient(op, dz):
    return -dz


# Registered rules ---------------------------------------------------------------------------


def test_a_sign_lets_gradients_straight_through_where_it_is_told_to(graph):
    x = tf.constant([-2.0, -1, -0.5, 0, 0.5, 1, 2])
    with graph.gradient_override_map({"Sign": "Straight through near zero"}):
        y = tf.sign(x)
    upstream = tf.constant([1.0, 2, 3, 4, 5, 6, 7])
    [dx], [plain] = tf.gradients(y, x, upstream), tf.gradients(tf.sign(x), x, upstream)
    values = run([y, dx, plain])
    assert values[0].tolist() == [-1, -1, -1, 0, 1, 1, 1]
    assert values[1].tolist() == [0, 2, 3, 4, 5, 6, 0]
    assert not values[2].any()


def test_only_operations_created_inside_are_overridden(graph):
    x = tf.constant(3.0)
    before = tf.identity(x)
    with graph.gradient_override_map({"Identity": "Reversed"}):
        inside = tf.identity(x)
    assert run([tf.gradients(t * t, x)[0] for t in (before, inside)]) == [6.0, -6.0]


def test_inner_maps_win(graph):
    x = tf.constant(3.0)
    with graph.gradient_override_map({"Identity": "Reversed"}):
        with graph.gradient_override_map({"Identity": "Identity"}):
            y = tf.identity(x)
        tf.identity(x)
    assert run(tf.gradients(y, x)) == [1.0]


def test_a_map_that_matched_nothing_warns(graph):
    with (
        pytest.warns(UserWarning, match="had no effect: no operation of type 'Cast'"),
        graph.gradient_override_map({"Cast": "Straight through near zero"}),
    ):
        tf.sign(tf.constant(1.0))


@pytest.mark.parametrize("wrong", [{"Sign": 3}, {3: "Sign"}, ["Sign"], "Sign"])
def test_a_map_takes_strings_to_strings(graph, wrong):
    message = "op_type_map must be a dictionary mapping strings to strings"
    with pytest.raises(TypeError, match=message), graph.gradient_override_map(wrong):
        pass


def test_a_rule_that_was_never_written_is_missed_when_it_is_needed(graph):
    x = tf.constant(2.0)
    with graph.gradient_override_map({"Square": "Never written"}):
        y = tf.square(x)
    message = r"No gradient defined for operation 'Square' \(op type: Square\)"
    with pytest.raises(LookupError, match=message):
        tf.gradients(y, x)
    assert tf.gradients(y, x, stop_gradients=[y]) == [None]


def test_a_rule_is_asked_once_with_everything_that_arrived(graph):
    calls = []

    @tf.RegisterGradient("Counted")
    def counted(op, dz):
        calls.append(dz)
        return dz

    x = tf.constant(3.0)
    with graph.gradient_override_map({"Identity": "Counted"}):
        y = tf.identity(x)
    assert run(tf.gradients(y * y + y, x)) == [7.0]
    assert len(calls) == 1


def test_a_rule_of_the_same_name_replaces_the_former_with_a_notice():
    def register():
        @tf.RegisterGradient("Said twice")
        def first(op, dz):
            return dz

    register()
    register()  # a cell that is run again says nothing
    with pytest.warns(UserWarning, match="The gradient rule 'Said twice' was"):

        @tf.RegisterGradient("Said twice")
        def another(op, dz):
            return 2 * dz


@pytest.mark.parametrize(
    ("returned", "error", "message"),
    [
        (lambda op, dz: (dz, dz), ValueError, 'Num gradients 2 generated for op name: "y"'),
        (lambda op, dz: tf.ones([3]), ValueError, "Incompatible shapes between op input and"),
        (lambda op, dz: np.ones(2), AttributeError, "'ndarray' object has no attribute 'op'"),
    ],
)
def test_what_a_rule_returns_is_checked(graph, returned, error, message):
    tf.RegisterGradient("Under test")(returned)
    x = tf.constant([1.0, 2.0])
    with graph.gradient_override_map({"Reshape": "Under test"}):
        y = tf.reshape(x, [2, 1], name="y")
    with pytest.raises(error, match=message):
        tf.gradients(y, x)


def test_not_differentiable_means_none(graph):
    tf.NotDifferentiable("A wall")
    x = tf.constant(2.0)
    with graph.gradient_override_map({"Identity": "A wall"}):
        y = tf.identity(x)
    assert tf.gradients(y, x) == [None]


def test_adding_a_stopped_difference_is_straight_through_without_any_rule():
    x = tf.constant([-0.3, 0.4])
    y = x + tf.stop_gradient(tf.sign(x) - x)
    values, slopes = run([y, tf.gradients(y, x)[0]])
    np.testing.assert_allclose(values, [-1, 1])
    assert slopes.tolist() == [1, 1]


# Whole functions ----------------------------------------------------------------------------


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


def test_a_wall_tells_its_reason():
    x = tf.constant(1.0)
    y = tf.apply("PreventGradient", x, message="no grads here")
    message = "Gradient explicitly disabled. Reason: b'no grads here'"
    with pytest.raises(LookupError, match=message):
        tf.gradients(y, x)


# Python in the graph ------------------------------------------------------------------------


def test_a_python_function_is_called_once_in_every_run():
    calls = []

    def noted(x):
        calls.append(x)
        return x + 1

    y = tf.py_func(noted, [tf.constant([1.0, 2.0])], tf.float32)
    assert run([y, y, y * 2])[2].tolist() == [4, 6]
    assert len(calls) == 1
    assert isinstance(calls[0], np.ndarray)


def test_a_python_function_may_have_several_results_or_be_text():
    both = tf.py_func(lambda x: (x, x > 0), [tf.constant(2.0)], [tf.float32, tf.bool])
    text = tf.py_func(lambda: "yes", [], tf.string)
    assert run([both, text]) == [[2.0, True], b"yes"]


def test_a_python_function_has_a_gradient_only_if_it_is_given_one(graph):
    x = tf.constant(3.0)
    plain = tf.py_func(np.square, [x], tf.float32)
    with graph.gradient_override_map({"PyFunc": "Reversed"}):
        overridden = tf.py_func(np.square, [x], tf.float32)
    overridden.set_shape([])
    assert tf.gradients(plain, x) == [None]
    assert run(tf.gradients(overridden, x)) == [-1.0]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda: 1.0, "returned by <lambda> is float64, but expects float32"),
        (lambda: (np.float32(1), 2), "<lambda> returns 2 values, but expects to see 1"),
        (lambda: int("one"), "ValueError: invalid literal"),
    ],
)
def test_a_python_function_that_breaks_its_word_is_reported(function, message):
    y = tf.py_func(function, [], tf.float32)
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        run(y)


def test_an_error_of_a_python_function_that_tensorflow_does_not_know_is_unknown():
    y = tf.py_func(lambda: 1 / 0, [], tf.float32)
    with pytest.raises(tf.errors.UnknownError, match="ZeroDivisionError: division by zero"):
        run(y)


def test_printing_passes_values_and_gradients(capsys):
    x = tf.constant([1.0, 2.0, 3.0, 4.0])
    y = tf.Print(x * x, [tf.reduce_sum(x), x], "seen: ", first_n=1)
    session = tf.Session()
    for _ in range(2):
        [dx] = session.run(tf.gradients(y, x), {})
    assert dx.tolist() == [2, 4, 6, 8]
    session.run([y, y])
    session.run(y)
    assert capsys.readouterr().err == "seen: [10.0][1.0 2.0 3.0...]\n"


# Branches -----------------------------------------------------------------------------------


def test_only_the_branch_that_is_taken_runs():
    calls = []

    def noted(which):
        return tf.py_func(lambda: calls.append(which) or np.float32(which), [], tf.float32)

    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: noted(1), lambda: noted(2))
    for _ in range(3):
        assert [run(y, {p: True}), run(y, {p: False})] == [1.0, 2.0]
    assert calls == [1, 2] * 3


def test_the_gradient_of_a_choice_is_that_of_the_branch_taken():
    x = tf.placeholder(tf.float32, [])
    y = tf.cond(x > 0, lambda: x * x, lambda: -x)
    [dx] = tf.gradients(y, x)
    [ddx] = tf.gradients(dx, x)
    with tf.Session() as session:
        for value, answer in ((3.0, [9, 6, 2]), (-2.0, [2, -1, 0])):
            for _ in range(3):  # interpreted, then compiled
                assert session.run([y, dx, ddx], {x: value}) == answer


def test_choosing_a_branch_avoids_the_nan_that_where_lets_through():
    x = tf.placeholder(tf.float32, [])
    both = tf.where(x > 0, tf.log(x), 0.0)
    one = tf.cond(x > 0, lambda: tf.log(x), lambda: 0.0)
    slopes = run([tf.gradients(both, x)[0], tf.gradients(one, x)[0]], {x: 0.0})
    assert np.isnan(slopes[0])
    assert slopes[1] == 0


def test_choices_nest():
    x = tf.placeholder(tf.float32, [])
    v = tf.Variable(5.0)
    y = tf.cond(
        x > 0, lambda: tf.cond(x > 1, lambda: x * x * v, lambda: x * 3), lambda: -tf.log(-x)
    )
    grads = tf.gradients(y, [x, v])
    answers = {3.0: [45, 30, 9], 0.5: [1.5, 3, 0], -2.0: [-np.log(2), 0.5, 0]}
    with tf.Session() as session:
        session.run(v.initializer)
        for value, answer in answers.items():
            for _ in range(3):
                np.testing.assert_allclose(session.run([y, *grads], {x: value}), answer, rtol=1e-6)


def test_assignments_in_a_branch_happen_only_there():
    v, p = tf.Variable(0.0), tf.placeholder(tf.bool, [])
    choice = tf.cond(p, lambda: v.assign_add(1.0), lambda: tf.constant(-1.0))
    quiet = tf.cond(p, lambda: v.assign_add(10.0).op, tf.no_op)
    with tf.Session() as session:
        session.run(v.initializer)
        assert [session.run(choice, {p: value}) for value in (True, False)] == [1.0, -1.0]
        session.run(quiet, {p: False})
        assert session.run(v) == 1.0
        session.run(quiet, {p: True})
        assert session.run(v) == 11.0


def test_branches_may_return_lists_of_the_same_length_and_dtypes():
    p = tf.constant(True)
    a, b = tf.cond(p, lambda: (tf.constant(1.0), tf.constant(2)), lambda: (0.0, 0))
    assert run([a, b]) == [1.0, 2]
    with pytest.raises(ValueError, match="must return the same number of outputs"):
        tf.cond(p, lambda: (1.0, 2.0), lambda: 1.0)
    with pytest.raises(ValueError, match="must have the same type: float32, int32"):
        tf.cond(p, lambda: 1.0, lambda: 1)


def test_what_is_inside_a_branch_stays_inside():
    leaked = []
    x = tf.constant(1.0)
    tf.cond(x > 0, lambda: leaked.append(x + 1) or x, lambda: x)
    with pytest.raises(ValueError, match="has been marked as not fetchable"):
        run(leaked[0])
    with pytest.raises(ValueError, match="has been marked as not fetchable"):
        leaked[0] * 2
    with pytest.raises(ValueError, match="may not be fed"):
        run(x, {leaked[0]: 1})


@pytest.mark.parametrize("name", ["while_loop", "scan", "map_fn", "foldl", "foldr"])
def test_loops_are_to_be_unrolled(name):
    with pytest.raises(NotImplementedError, match="unroll the loop in Python"):
        getattr(tf, name)(lambda i: i < 3, lambda i: i + 1, [0])
