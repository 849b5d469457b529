"""Names of operations, and scopes."""

import pytest

import nbgrad as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def named(name):
    return tf.constant(1.0, name=name)


def test_a_taken_name_is_counted_up():
    assert [named("c").op.name for _ in range(3)] == ["c", "c_1", "c_2"]


def test_counting_skips_names_that_were_given_by_hand():
    assert [named(n).op.name for n in ("c_1", "c", "c", "c")] == ["c_1", "c", "c_2", "c_3"]


def test_names_that_differ_only_in_case_count_as_equal():
    assert [named(n).op.name for n in ("A", "a", "B", "b")] == ["A", "a_1", "B", "b_1"]


def test_scopes_are_counted_up_like_names(graph):
    names = []
    for _ in range(2):
        with tf.name_scope("s") as prefix:
            names += [prefix, named("a").name]
            with graph.name_scope("inner"):
                names.append(named("a").name)
    assert names == ["s/", "s/a:0", "s/inner/a:0", "s_1/", "s_1/a:0", "s_1/inner/a:0"]


def test_a_name_with_a_slash_at_its_end_enters_that_very_scope(graph):
    with graph.name_scope("s") as prefix:
        pass
    with graph.name_scope("elsewhere"), graph.name_scope(prefix):
        assert named("a").name == "s/a:0"
        assert graph.get_name_scope() == "s"


@pytest.mark.parametrize("top", [None, ""])
def test_no_name_leads_back_to_the_top(graph, top):
    with graph.name_scope("s"), graph.name_scope(top) as prefix:
        assert (prefix, named("a").name) == ("", "a:0")


def test_a_scope_without_a_name_takes_its_default():
    with tf.name_scope(None, "default", [named("a")]) as prefix:
        assert prefix == "default/"


def test_a_unique_name_is_taken_only_if_asked(graph):
    assert graph.unique_name("n", mark_as_used=False) == "n"
    assert [graph.unique_name("n"), graph.unique_name("n")] == ["n", "n_1"]


@pytest.mark.parametrize("name", ["a b", "_a", "ä", "-a", "a:0"])
def test_a_name_that_tensorflow_could_not_read_is_refused(name):
    with pytest.raises(ValueError, match=f"'{name}' is not a valid node name"):
        named(name)


def test_operators_name_their_operations_as_tensorflow_does():
    x, y = named("x"), named("y")
    results = [x + y, x - y, x * y, x / y, x**y, -x, x + y, x // y, x % y, x < y, abs(x)]
    names = [tensor.op.name for tensor in results]
    assert names[:7] == ["add", "sub", "mul", "truediv", "pow", "Neg", "add_1"]
    assert [t.op.type for t in results[:6]] == ["AddV2", "Sub", "Mul", "RealDiv", "Pow", "Neg"]
    assert names[7:] == ["floordiv", "mod", "Less", "Abs"]


def test_a_number_beside_a_tensor_becomes_a_constant_named_after_its_place(graph):
    2.0 * named("a")
    assert [op.name for op in graph.get_operations()] == ["a", "mul/x", "mul"]


def test_a_variable_consists_of_four_operations(graph):
    tf.Variable(1.0, name="v")
    tf.Variable(1.0)
    names = [op.name for op in graph.get_operations()]
    assert names[:4] == ["v/initial_value", "v", "v/Assign", "v/read"]
    assert names[5] == "Variable"


def test_names_taken_out_of_order_stay_unique(graph):
    assert [graph.unique_name(name) for name in ["foo_1", "foo", "foo", "foo", "foo_1"]] == [
        "foo_1", "foo", "foo_2", "foo_3", "foo_1_1",
    ]  # fmt: skip


def test_scopes_with_and_without_a_name(graph):
    with graph.name_scope("foo") as foo:
        assert foo == "foo/"
        with graph.name_scope("bar") as bar:
            assert bar == "foo/bar/"
        with graph.name_scope(None) as top:
            assert top == ""
            with graph.name_scope("") as still:
                assert still == ""
            assert tf.constant(1.0, name="c").op.name == "c"
        with graph.name_scope(bar) as again:
            assert again == "foo/bar/"
        with graph.name_scope("bar") as second:
            assert second == "foo/bar_1/"
        with graph.name_scope("elsewhere/") as exact:
            assert exact == "elsewhere/"
    with graph.name_scope("foo") as next_foo:
        assert next_foo == "foo_1/"
