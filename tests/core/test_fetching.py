"""What is fetched: structures, names, what is computed for it, and what is refused."""

import collections

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


Point = collections.namedtuple("Point", ["x", "y"])


EMPTY_GRAPH = r"The Session graph is empty.  Add operations to the graph before calling run\(\)"


@pytest.mark.parametrize(
    "structure",
    [
        lambda a, b: a,
        lambda a, b: [a, b, a],
        lambda a, b: (a, b),
        lambda a, b: Point(x=a, y=b),
        lambda a, b: {"a": a, "b": [b, (a,)]},
        lambda a, b: collections.OrderedDict([("b", b), ("a", a)]),
        lambda a, b: [[], (), {}],
        lambda a, b: [[[a]], {"deep": Point([b], {"er": a})}],
    ],
)
def test_a_result_has_the_structure_of_what_was_fetched(session, structure):
    fetched = session.run(structure(tf.constant(1.0), tf.constant(2.0)))
    assert fetched == structure(1.0, 2.0)
    assert type(fetched) is type(structure(np.float32(1), np.float32(2)))


def test_an_ordered_dictionary_keeps_its_order(session):
    fetches = collections.OrderedDict([("z", tf.constant(1)), ("a", tf.constant(2))])
    assert list(session.run(fetches)) == ["z", "a"]


def test_a_name_fetches_a_tensor_or_runs_an_operation(session):
    tf.constant(4.0, name="a")
    assert session.run(["a:0", "a", b"a:0", "a"]) == [4.0, None, 4.0, None]


def test_operations_without_a_value_fetch_none(session):
    v = tf.Variable(1.0)
    assert session.run([tf.no_op(), v.initializer, tf.group(v.initializer)]) == [None] * 3


def test_scalars_come_as_numpy_scalars_and_the_rest_as_arrays(session):
    scalar, vector, text = session.run([tf.constant(1.0), tf.ones([2]), tf.constant("yes")])
    assert isinstance(scalar, np.float32)
    assert isinstance(vector, np.ndarray)
    assert text == b"yes"


def test_a_fed_scalar_comes_back_as_an_array_without_axes(session):
    p = tf.placeholder(tf.float32, [])
    value = session.run(p, {p: 3.0})
    assert isinstance(value, np.ndarray)
    assert value.shape == ()


def test_fetching_twice_computes_once_and_gives_the_same_object(session):
    r = tf.random_normal([3])
    first, (second, named) = session.run([r, (r, r.name)])
    assert first is second is named


def test_only_what_is_needed_runners(session):
    never = tf.py_func(lambda: 1 / 0, [], tf.float64)
    assert session.run(tf.constant(1.0)) == 1.0
    assert never.graph is session.graph


def test_an_operation_with_many_readers_runs_once(session):
    calls = []
    x = tf.py_func(lambda: calls.append(1) or np.float32(2), [], tf.float32)
    x.set_shape([])
    assert session.run([x * x, x + x, tf.sin(x) * x])[:2] == [4.0, 4.0]
    assert calls == [1]


def test_a_result_may_be_changed_without_touching_the_graph_or_the_session(session):
    c, v = tf.ones([2]), tf.Variable([1.0, 1.0])
    session.run(v.initializer)
    for fetch in (c, v, tf.identity(v)):
        session.run(fetch)[:] = 7
        assert session.run(fetch).tolist() == [1, 1]


def test_the_graph_may_grow_between_runners(session):
    a = tf.constant(1.0)
    v = tf.Variable(5.0)
    session.run(v.initializer)
    assert session.run(a) == 1.0
    assert session.run(a + v + 1.0) == 7.0


@pytest.mark.parametrize("empty", [[], (), {}, [[], ()], {"a": [], "b": {}}])
def test_nothing_fetched_is_nothing_returned_in_the_same_structure(session, empty):
    tf.constant(1.0)
    assert session.run(empty) == empty


@pytest.mark.parametrize("kind", [str, str.encode, np.str_], ids=["str", "bytes", "numpy"])
def test_a_name_may_be_any_kind_of_text(session, kind):
    tf.constant(42.0, name="c")
    assert session.run(kind("c:0")) == 42.0
    assert session.run([kind("c"), kind("c:0")]) == [None, 42.0]


def test_an_operation_added_later_may_group_earlier_ones(session):
    p = tf.Variable(tf.constant(1.0), name="p")
    q = tf.Variable(tf.constant(2.0), name="q")
    session.run(tf.group(p.initializer, q.initializer))
    assert session.run([p, q]) == [1.0, 2.0]
    assert session.run(tf.group(tf.assign(p, 10.0), tf.assign(q, 20.0))) is None
    assert session.run([p, q]) == [10.0, 20.0]


# Refusals -----------------------------------------------------------------------------------


def test_an_empty_graph_does_not_run(session):
    with pytest.raises(RuntimeError, match=EMPTY_GRAPH):
        session.run([])


@pytest.mark.parametrize(
    ("fetch", "error", "message"),
    [
        (None, TypeError, "Fetch argument None has invalid type <class 'NoneType'>"),
        ([None], TypeError, "Fetch argument None has invalid type <class 'NoneType'>"),
        ([1, [None]], TypeError, "Fetch argument 1 has invalid type <class 'int'>"),
        ((x for x in ()), TypeError, "has invalid type <class 'generator'>"),
        ("nope:0", ValueError, "The operation, 'nope', does not exist in the graph"),
        ("a:1", ValueError, "exists but only has 1 outputs"),
        ("nope", ValueError, "refers to an Operation not in the graph"),
    ],
)
def test_what_is_no_element_of_the_graph_is_not_fetched(session, fetch, error, message):
    tf.constant(1.0, name="a")
    with pytest.raises(error, match=message):
        session.run(fetch)
