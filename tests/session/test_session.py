"""Running a graph: what is fetched, what is fed, and what a session keeps."""

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


# Fetching -----------------------------------------------------------------------------------


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
    first, second = session.run([r, r])
    assert first is second


def test_only_what_is_needed_runs(session):
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


def test_the_graph_may_grow_between_runs(session):
    a = tf.constant(1.0)
    v = tf.Variable(5.0)
    session.run(v.initializer)
    assert session.run(a) == 1.0
    assert session.run(a + v + 1.0) == 7.0


# Feeding ------------------------------------------------------------------------------------


def test_anything_can_be_fed_and_no_feed_lasts(session):
    c = tf.constant(2.0)
    middle = c * 3
    y = middle + 1
    v = tf.Variable(1.0)
    assert session.run([y, middle], {c: 10}) == [31, 30]
    assert session.run(y, {middle: 0}) == 1
    assert session.run(v * 2, {v: 4}) == 8
    assert session.run(y) == 7
    with pytest.raises(tf.errors.FailedPreconditionError):
        session.run(v)


def test_keys_are_tensors_names_or_tuples_of_them(session):
    p, q = tf.placeholder(tf.float32, [], name="p"), tf.placeholder(tf.float32, [], name="q")
    assert session.run(p - q, {"p:0": 5, q: 2}) == 3
    assert session.run(p - q, {(p, q): (5, 2)}) == 3
    assert session.run(p - q, {((p,), q): ((5,), 2)}) == 3


@pytest.mark.parametrize("shape", [(), (2,), (0,), (2, 0, 3), (2, 3)])
@pytest.mark.parametrize(
    "dtype", [tf.float16, tf.float32, tf.float64, tf.int8, tf.int64, tf.bool, tf.complex64]
)
def test_what_is_fed_comes_back(session, dtype, shape):
    value = np.ones(shape, dtype.as_numpy_dtype)
    p = tf.placeholder(dtype)
    [fed, passed] = session.run([p, tf.identity(p)], {p: value})
    for result in (fed, passed):
        assert np.asarray(result).dtype == dtype.as_numpy_dtype
        np.testing.assert_array_equal(result, value)


def test_a_fed_value_takes_the_dtype_of_its_tensor(session):
    p, i = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    assert session.run(p * 1, {p: np.float64(1e-50)}) == 0
    assert session.run(i * 1, {i: 1.7}) == 1


def test_the_fed_array_is_neither_changed_nor_given_away(session):
    mine = np.ones(2, np.float32)
    p = tf.placeholder(tf.float32, [2])
    session.run(tf.identity(p), {p: mine})[:] = 5
    mine[:] = 3
    assert mine.tolist() == [3, 3]


def test_a_placeholder_with_a_default_need_not_be_fed(session):
    p = tf.placeholder_with_default([1.0, 2.0], [None])
    assert session.run(p * 2).tolist() == [2, 4]
    assert session.run(p * 2, {p: [5]}).tolist() == [10]
    assert session.run(tf.gradients(p * p, p)[0], {p: [5]}).tolist() == [10]


def test_a_callable_takes_feeds_in_order(session):
    a, b = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
    minus = session.make_callable([a - b], [a, b])
    assert minus(5, 3) == [2]
    with pytest.raises(TypeError, match="takes 2 values"):
        minus(5)


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


# Refusals -----------------------------------------------------------------------------------


def test_an_empty_graph_does_not_run(session):
    with pytest.raises(RuntimeError, match=EMPTY_GRAPH):
        session.run([])


@pytest.mark.parametrize(
    ("fetch", "error", "message"),
    [
        (None, TypeError, "Fetch argument None has invalid type <class 'NoneType'>"),
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


@pytest.mark.parametrize(
    ("feed", "error", "message"),
    [
        ({"p": 1}, TypeError, "Cannot interpret feed_dict key as Tensor: The name 'p' refers to"),
        ({"p:1": 1}, TypeError, "exists but only has 1 outputs"),
        ({3: 1}, TypeError, "Can not convert a int into a Tensor"),
        ([("p:0", 1)], TypeError, "input must be a dictionary"),
        ({"p:0": [1, 2]}, ValueError, r"Cannot feed value of shape \(2,\) for Tensor 'p:0'"),
        ({("p:0",): (1, 2)}, ValueError, "Could not flatten dictionary. Key had 1 elements"),
        ({"p:0": "abc"}, ValueError, "could not convert string to float: 'abc'"),
        ({"p:0": [[1], [1, 2]]}, ValueError, "was fed to Tensor 'p:0'"),
    ],
)
def test_what_does_not_fit_is_not_fed(session, feed, error, message):
    p = tf.placeholder(tf.float32, [2, 3], name="p")
    with pytest.raises(error, match=message):
        session.run(p, feed)


def test_a_wrong_shape_is_refused_even_where_the_placeholder_is_not_needed(session):
    p, c = tf.placeholder(tf.float32, [None, 3], name="p"), tf.constant(1.0)
    with pytest.raises(ValueError, match=r"for Tensor 'p:0', which has shape '\(\?, 3\)'"):
        session.run(c, {p: [1.0]})


def test_a_tensor_is_no_value_to_feed(session):
    p = tf.placeholder(tf.float32)
    with pytest.raises(TypeError, match=r"The value of a feed cannot be a tf\.Tensor object"):
        session.run(p, {p: tf.constant(1.0)})


def test_a_placeholder_must_be_fed_where_it_is_needed(session):
    p = tf.placeholder(tf.float32, [None, 3], name="p")
    message = (
        r"You must feed a value for placeholder tensor 'p' with dtype float and shape \[\?,3\]"
    )
    with pytest.raises(tf.errors.InvalidArgumentError, match=message) as caught:
        session.run(p * 2)
    assert caught.value.op is p.op
    assert caught.value.error_code == 3
    assert isinstance(caught.value, tf.errors.OpError)


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


# Randomness ---------------------------------------------------------------------------------


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


def test_what_an_error_of_python_says_is_not_rewritten():
    def fail():
        raise ValueError("bad {name} here")

    said = r"bad \{name\} here"
    with pytest.raises(tf.errors.InvalidArgumentError, match=said), tf.Session() as session:
        session.run(tf.py_func(fail, [], tf.float32))


def test_a_tensor_may_stand_anywhere_in_an_index():
    x, i = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.placeholder_with_default(1, [])
    with tf.Session() as session:
        assert session.run(x[[i, 0]]).tolist() == [[3.0, 4.0], [1.0, 2.0]]
