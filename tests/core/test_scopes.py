"""What the blocks around a line do: names of operations, and what waits for what."""

import pytest

import nbgrad as tf


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


def test_a_unique_name_is_taken_only_if_marked_as_used(graph):
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


# Control dependencies -------------------------------------------------------------------------


def controlled(tensor):
    return [op.name for op in tensor.op.control_inputs]


def test_operations_created_inside_wait_and_others_do_not(graph):
    a, before = named("a"), named("before")
    with graph.control_dependencies([a]):
        inside = named("inside")
    assert controlled(inside) == ["a"]
    assert controlled(before) == controlled(named("after")) == []


def test_nested_blocks_add_up_and_none_lifts_them(graph):
    a, b = named("a"), named("b")
    with graph.control_dependencies([a]):
        with tf.control_dependencies([b.op, "b:0"]):
            both = named("both")
        with tf.control_dependencies(None):
            free = named("free")
        one = named("one")
    assert [controlled(t) for t in (both, free, one)] == [["a", "b"], [], ["a"]]


def test_the_same_dependency_counts_once(graph):
    a = named("a")
    with graph.control_dependencies([a, a]), graph.control_dependencies([a]):
        b = named("b")
    assert controlled(b) == ["a"]


def test_what_reads_a_tensor_waits_for_it_anyway(graph):
    a = named("a")
    with graph.control_dependencies([a]):
        b = tf.identity(a)
    assert controlled(b) == []


def test_dependencies_that_an_input_has_already_are_left_out(graph):
    a1, a2, x, y = (named(name) for name in ("a1", "a2", "x", "y"))
    with graph.control_dependencies([a1]):
        e1 = x * y
        with graph.control_dependencies([a2]):
            b = x * y
            c = a1 * b
            d = b * c
            e2 = e1 * e1
    assert [controlled(t) for t in (b, c, d, e1)] == [["a1", "a2"], [], [], ["a1"]]
    assert controlled(e2) == ["a2"]


def test_an_assignment_is_seen_by_whatever_waits_for_it():
    v = tf.Variable(1.0)
    add = v.assign_add(1.0)
    with tf.control_dependencies([add]):
        after = v.read_value()
    session = tf.Session()
    session.run(v.initializer)
    assert [session.run([v, after]) for _ in range(2)] == [[1.0, 2.0], [2.0, 3.0]]


def test_a_tuple_waits_for_all_of_its_members():
    v = tf.Variable(1.0)
    one, nothing = tf.tuple([tf.constant(5.0), None], control_inputs=[v.assign_add(1.0)])
    session = tf.Session()
    session.run(v.initializer)
    assert nothing is None
    assert session.run(one) == 5.0
    assert session.run(v) == 2.0


def test_none_clears_what_to_wait_for_until_its_end(graph):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    with graph.control_dependencies([a]):
        with graph.control_dependencies(None):
            none = tf.constant(3.0)
            with graph.control_dependencies([b]):
                only_b = tf.constant(4.0)
                with graph.control_dependencies(None):
                    again_none = tf.constant(5.0)
        back = tf.constant(6.0)
    assert [controlled(t) for t in (none, only_b, again_none, back)] == [[], ["b"], [], ["a"]]


def test_a_control_that_an_operand_is_made_of_is_no_edge_of_its_own(graph):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    with graph.control_dependencies([a]):
        reads_a, reads_b = tf.identity(a), tf.identity(b)
        reads_the_second = tf.identity(reads_b)
    assert [controlled(t) for t in (reads_a, reads_b, reads_the_second)] == [[], ["a"], []]
