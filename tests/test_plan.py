"""A plan: the calls that compute some fetches, in order, as a list and as a Python function."""

import numpy as np
import pytest

import nbgrad as tf
from nbgrad import plan as plans


@pytest.fixture
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def session(graph):
    with tf.Session() as session:
        yield session


def test_a_plan_reads_as_python(graph, session):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.multiply(tf.sin(x), 2.0, name="y")
    lines = str(session.plan(y, [x])).splitlines()
    assert lines[0] == "def run(variables, generators, x):"
    assert lines[1] == "    Sin = sin(x); del x" or lines[1] == "    Sin = sin(x)"
    assert lines[-1] == "    return [y]"


def test_only_what_is_needed_is_called(graph, session):
    x = tf.placeholder(tf.float32, [])
    middle = tf.exp(x)
    y = middle * 2
    tf.cos(y)
    types = [call.op.type for call in session.plan(y, [x]).calls]
    assert types == ["Exp", "Mul"]
    assert [call.op.type for call in session.plan(y, [middle]).calls] == ["Mul"]


def test_values_are_forgotten_as_soon_as_nobody_reads_them(graph, session):
    p = tf.placeholder(tf.float32, name="p")
    lines = str(session.plan(tf.sin(tf.sin(tf.sin(p))), [p])).splitlines()
    assert [line.partition("; del ")[2] for line in lines[1:4]] == ["", "Sin", "Sin_1"]


def is_compiled(plan):
    return plan.run.__code__.co_filename == plans.COMPILED


def test_the_list_and_the_function_give_the_same(graph, session):
    x = tf.placeholder(tf.float32, [2], name="x")
    a, b = tf.unstack(x)
    fetches = [a * b, tf.gradients(a * b, x)[0], x[::-1], tf.reshape(x, [-1, 1])]
    plan = session.plan(fetches, [x])
    from_list = session.run(fetches, {x: [3.0, 4.0]})
    assert not is_compiled(plan)
    from_function = session.run(fetches, {x: [3.0, 4.0]})
    assert is_compiled(plan)
    for one, two in zip(from_list, from_function, strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("runs", [1, 3])
def test_an_error_names_the_operation_however_the_plan_runs(graph, session, runs):
    p, q = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    total = tf.add(p, q, name="total") * 2
    for _ in range(runs):
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            session.run(total, {p: [1, 2], q: [1, 2, 3]})
    assert caught.value.op.name == "total"


def test_a_plan_is_made_once_and_the_least_used_are_dropped(graph, monkeypatch):
    monkeypatch.setattr("nbgrad.session.PLANS_KEPT", 2)
    session = tf.Session()
    a, b, c = (tf.constant(float(i)) for i in range(3))
    first, second = session.plan(a), session.plan(b)
    assert session.plan(a) is first
    session.plan(c)
    assert session.plan(a) is first
    assert session.plan(b) is not second


def test_very_long_plans_run_from_the_list(graph, session, monkeypatch):
    monkeypatch.setattr(plans, "COMPILE_AT_MOST", 3)
    y = x = tf.placeholder(tf.float32, [])
    for _ in range(5):
        y = tf.sin(y)
    plan = session.plan(y, [x])
    assert len({session.run(y, {x: 2.0}) for _ in range(3)}) == 1
    assert not is_compiled(plan)


def test_names_of_operations_become_names_of_python(graph, session):
    with tf.name_scope("lambda"):
        a = tf.placeholder(tf.float32, [], name="1.5-b")
    for name in ("run", "variables", "class"):
        a = tf.identity(a, name=name)
    fed = graph.get_tensor_by_name("lambda/1.5-b:0")
    assert [session.run(a, {fed: 4.0}) for _ in range(3)] == [4.0] * 3


def test_calls_in_a_branch_are_guarded(graph, session):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.cond(x > 0, lambda: tf.sin(x), lambda: x)
    lines = [line.strip() for line in str(session.plan(y, [x])).splitlines()]
    assert sum(line.startswith("if Greater: ") for line in lines) >= 2
    assert sum(line.startswith("if not Greater: ") for line in lines) >= 1


def test_a_variable_that_is_only_assigned_need_not_have_a_value(graph, session):
    v = tf.Variable(1.0)
    assert [call.op.type for call in session.plan(v.initializer).calls] == ["Assign"]


def test_settings_may_be_anything(graph, session):
    x = tf.placeholder(tf.float32, [3])
    fetches = [x[1:], tf.cast(x, tf.int64), tf.reduce_sum(x, axis=(0,)), x[..., None]]
    for _ in range(3):
        values = session.run(fetches, {x: [1, 2, 3]})
        assert [np.asarray(value).tolist() for value in values[:3]] == [[2, 3], [1, 2, 3], 6]
