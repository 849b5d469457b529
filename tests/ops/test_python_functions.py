"""Python in the graph: functions that a run calls, and what prints."""

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


@tf.RegisterGradient("Reversed around Python")
def reversed_gradient(op, dz):
    return -dz


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
    with graph.gradient_override_map({"PyFunc": "Reversed around Python"}):
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
def test_a_python_function_with_results_of_other_types_is_reported(function, message):
    y = tf.py_func(function, [], tf.float32)
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        run(y)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ZeroDivisionError("said"), tf.errors.UnknownError),
        (StopIteration("said"), tf.errors.OutOfRangeError),
        (MemoryError("said"), tf.errors.ResourceExhaustedError),
        (NotImplementedError("said"), tf.errors.UnimplementedError),
    ],
)
def test_an_error_of_a_python_function_has_tensorflow_s_class(error, kind):
    def fail():
        raise error

    y = tf.py_func(fail, [], tf.float32)
    with pytest.raises(kind, match=f"{type(error).__name__}: said"):
        run(y)


def test_a_text_alone_reaches_a_python_function_as_bytes_to_the_last():
    text = tf.placeholder(tf.string, [])
    length = tf.py_func(lambda name: np.int64(len(name.decode())), [text], tf.int64)
    same = tf.py_func(lambda name: name, [text], tf.string)
    got = tf.Session().run([length, same, text], {text: "path\0"})
    assert got == [5, b"path\0", np.array(b"path\0", object)]


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


def test_what_an_error_of_python_says_is_not_rewritten():
    def fail():
        raise ValueError("bad {name} here")

    said = r"bad \{name\} here"
    with pytest.raises(tf.errors.InvalidArgumentError, match=said), tf.Session() as session:
        session.run(tf.py_func(fail, [], tf.float32))
