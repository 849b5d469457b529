"""What is fed and what is fetched: keys, structures, dtypes and shapes, and what is refused."""

import collections

import numpy as np
import pytest

import nbgrad as tf

# Feeds ----------------------------------------------------------------------------------------


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


FLOATS = [tf.float16, tf.float32, tf.float64, tf.complex64, tf.complex128]
INTEGERS = [tf.uint8, tf.int8, tf.int16, tf.int32, tf.int64, tf.bool]


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize("shape", [(), (37,), (0,), (2, 0, 3), (0, 0, 0), (32, 4, 128)])
@pytest.mark.parametrize("dtype", FLOATS + INTEGERS)
def test_what_is_fed_comes_back(session, dtype, shape, known):
    value = np.asarray(np.random.default_rng(0).integers(0, 2, shape), dtype.as_numpy_dtype)
    p = tf.placeholder(dtype, shape if known else None)
    [fed, passed] = session.run([p, tf.identity(p)], {p: value})
    for result in (fed, passed):
        assert np.asarray(result).dtype == dtype.as_numpy_dtype
        assert np.shape(result) == shape
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


def test_a_constant_is_fed_by_its_name(session):
    tf.constant(5.0, shape=[1, 2], name="input")
    copy = tf.identity(session.graph.get_tensor_by_name("input:0"), name="copy")
    assert session.run(copy, {"input:0": [[7.0, 8.0]]}).tolist() == [[7.0, 8.0]]
    assert session.run("copy:0").tolist() == [[5.0, 5.0]]


def test_integers_inside_an_array_are_cut_to_what_fits(session):
    fed = tf.placeholder(tf.int32, [2])
    assert session.run(fed, {fed: [1, 2**40]}).tolist() == [1, 0]


# Refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("feed", "error", "message"),
    [
        ({"p": 1}, TypeError, "Cannot interpret feed_dict key as Tensor: The name 'p' refers to"),
        ({"p:1": 1}, TypeError, "exists but only has 1 outputs"),
        ({"no_such": 1}, TypeError, "Cannot interpret feed_dict key"),
        ({"no_such:0": 1}, TypeError, "Cannot interpret feed_dict key"),
        ({None: 1}, TypeError, "Cannot interpret feed_dict key"),
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


@pytest.mark.parametrize(
    ("dtype", "number"),
    [(tf.int32, 2**31), (tf.int32, -(2**31) - 1), (tf.uint8, 256), (tf.float32, 2**24 + 1)],
    ids=["large", "small", "byte", "digits"],
)
def test_an_integer_that_feeding_would_change_is_refused(session, dtype, number):
    fed = tf.placeholder(dtype, [], name="fed")
    with pytest.raises(TypeError, match=f"Type of feed value {number} with type .* is not compat"):
        session.run(fed, {fed: number})
    assert session.run(fed, {fed: 7}) == 7


# Fetches --------------------------------------------------------------------------------------


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


def test_each_kind_of_failure_has_the_number_that_tensorflow_gives_it():
    codes = {"Unknown": 2, "InvalidArgument": 3, "NotFound": 5, "ResourceExhausted": 8}
    codes |= {"FailedPrecondition": 9, "OutOfRange": 11, "Unimplemented": 12}
    assert {kind: getattr(tf.errors, f"{kind}Error").error_code for kind in codes} == codes
    assert all(issubclass(getattr(tf.errors, name), Exception) for name in dir(tf.errors))
