"""Plans: what is computed, what need not be, and that nobody can tell the difference."""

import ast
import contextvars
import enum
import inspect
import textwrap
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nbgrad as tf
from nbgrad.core import plan, registry
from nbgrad.core.graph import ancestors
from nbgrad.core.operators import replace_tensors
from nbgrad.core.plan import OPERATORS, operator_expression
from nbgrad.core.plan_builder import MOST_ELEMENTS
from nbgrad.ops.define import elementwise, operation


def lines(session, fetches, feeds=()):
    """The body of a plan, without its head and its return."""
    return [line.strip() for line in str(session.plan(fetches, feeds)).splitlines()[1:-1]]


# The same bits ------------------------------------------------------------------------------

UNARY = [
    *(tf.sin, tf.exp, tf.negative, tf.square, tf.identity, tf.sigmoid, tf.nn.relu),
    *(tf.ones_like, tf.zeros_like, tf.reduce_sum, tf.stop_gradient),
    lambda x: tf.nn.softmax(x) if x.shape.ndims else x,
    lambda x: tf.nn.log_softmax(x) if x.shape.ndims else x,
    lambda x: x * 1.0,
    lambda x: 1.0 * x,
    lambda x: x / 1.0,
    lambda x: x - 0.0,
    lambda x: tf.reduce_mean(x, -1, keepdims=True) if x.shape.ndims else x,
    lambda x: tf.add_n([x]),
    lambda x: tf.cast(x, tf.float32),
    lambda x: tf.add_n([x, x, tf.sin(x)]),
]
BINARY = [tf.add, tf.subtract, tf.multiply, tf.divide, tf.maximum, tf.squared_difference]
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 3.0, 1e30, -1e-30, np.inf, -np.inf, np.nan]


def run_one_by_one(fetches, feeds):
    """The values of the fetches, by calling the kernel of one operation after the other."""
    values = dict(feeds)
    with np.errstate(all="ignore"):
        for op in ancestors(fetches, stop=feeds):
            if op.type == "Const":
                values[op.outputs[0]] = op.attributes["value"][()]
            elif any(tensor not in values for tensor in op.outputs):
                operands = [values[tensor] for tensor in op.inputs[: op.operand_count]]
                settings = {
                    key: replace_tensors(value, values.__getitem__)
                    for key, value in op.attributes.items()
                }
                made = op.definition.kernel(*operands, **settings)
                values.update(
                    zip(op.outputs, made if op.definition.dtypes.many else [made], strict=True)
                )
    return [values[tensor] for tensor in fetches]


def bits(values):
    return [(v.dtype, v.shape, v.tobytes()) for v in map(np.asarray, values)]


@settings(max_examples=150)
@given(st.data())
def test_a_plan_gives_the_bits_that_running_each_operation_alone_gives(data):
    known = data.draw(st.booleans())
    with tf.Graph().as_default() as graph:
        shapes = [(), (2, 3), (3,)]
        feeds = {}
        for shape in shapes:
            x = tf.placeholder(tf.float32, shape if known else None)
            flat = data.draw(st.lists(st.sampled_from(SPECIAL), min_size=6, max_size=6))
            feeds[x] = np.resize(np.array(flat, np.float32), shape)
        tensors = [*feeds, tf.constant(1.0), tf.ones([2, 3])]
        for _ in range(data.draw(st.integers(1, 8))):
            if data.draw(st.booleans()):
                tensors.append(
                    data.draw(st.sampled_from(UNARY))(data.draw(st.sampled_from(tensors)))
                )
            else:
                pair = [data.draw(st.sampled_from(tensors)) for _ in range(2)]
                tensors.append(data.draw(st.sampled_from(BINARY))(*pair))
        y = tensors[-1]
        fetches = [y, *(dx for dx in tf.gradients(y, [*feeds]) if dx is not None)]
        expected = bits(run_one_by_one(fetches, feeds))
        for part in (plan.PART, 2, 1):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(plan, "PART", part)
                session = tf.Session(graph=graph)
                for _ in range(2):
                    assert bits(session.run(fetches, feeds)) == expected


@pytest.mark.parametrize("op_type", sorted(OPERATORS.keys() - {"AddN"}))
def test_an_operator_expression_is_what_the_kernel_returns(op_type):
    definition = registry.definition_of(op_type)
    source = ast.parse(textwrap.dedent(inspect.getsource(definition.kernel)))
    returned = ast.unparse(source.body[0].body[-1].value)
    assert returned == operator_expression(op_type, definition.operands)


# What need not be computed ------------------------------------------------------------------


def test_a_plan_reads_as_the_mathematics_does(session):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.placeholder(tf.float32, [], name="y")
    z = tf.add(x * x, x * y, name="z")
    assert lines(session, [z, *tf.gradients(z, [x, y])], [x, y]) == [
        "mul = x * x",
        "mul_1 = x * y",
        "z = mul + mul_1",
        "gradients_AddN = y + x + x",
    ]


def test_what_is_known_beforehand_is_not_in_the_plan(session):
    x = tf.placeholder(tf.float32, [2])
    y = tf.identity(x) * tf.ones([2]) / 1.0
    assert lines(session, tf.add_n([y]), [x]) == []
    assert lines(session, tf.constant(2.0) * 3.0 + tf.reduce_sum(tf.ones([2, 2]))) == []


def test_what_another_shape_or_a_lost_sign_would_show_is_computed(session):
    scalar, unknown = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32)
    assert len(lines(session, scalar * tf.ones([2]), [scalar])) == 1
    assert len(lines(session, unknown * 1.0, [unknown])) == 1
    assert len(lines(session, scalar + 0.0, [scalar])) == 1


def test_a_constant_that_is_fed_is_not_folded(session):
    a = tf.constant(2.0)
    y = a * 3.0 + 1.0
    assert session.run(y) == 7
    assert session.run(y, {a: 5.0}) == 16
    assert session.run(y) == 7


def test_large_constants_are_not_kept_with_the_plan(session):
    big = tf.ones([MOST_ELEMENTS + 1]) * 2.0
    assert len(lines(session, big)) == 1


def test_a_constant_expression_that_fails_does_so_in_the_run(session):
    y = tf.constant(1) // tf.constant(0)
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        session.run(y)
    assert caught.value.op is y.op


@pytest.fixture
def counted():
    calls = []

    @elementwise("Counted", dtypes="F->F")
    def count(x):
        calls.append(x)
        return x

    yield count, calls
    del registry._operations["Counted"]


def test_a_learners_own_kernel_is_called_in_every_run(session, counted):
    count, calls = counted
    y = count(tf.constant(1.0))
    for _ in range(3):
        session.run(y)
    assert len(calls) == 3


def test_a_loss_and_its_gradient_share_their_exponentials(session):
    x = tf.placeholder(tf.float32, [4, 3])
    labels = tf.constant([0, 2, 1, 1])
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x)
    written = lines(session, [loss, *tf.gradients(loss, x)], [x])
    assert sum("= exponentials(" in line for line in written) == 1
    assert sum("shared=exponentials" in line for line in written) == 2


def test_a_convolution_and_a_pool_share_with_their_gradients_what_they_read(session):
    x, w = tf.placeholder(tf.float32, [1, 4, 4, 1]), tf.placeholder(tf.float32, [3, 3, 1, 1])
    z = tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME")
    z = tf.nn.max_pool(z, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    written = lines(session, [z, *tf.gradients(z, w)], [x, w])
    for work in ("window_strips", "window_maxima"):
        assert sum(f"= {work}(" in line for line in written) == 1
        assert sum(f"shared={work}" in line for line in written) == 2


# Memory -------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [256, 1])
def test_large_results_are_let_go_after_their_last_reader(session, monkeypatch, part):
    monkeypatch.setattr(plan, "PART", part)
    alive, seen = [], []

    def large():
        value = np.zeros(5000, np.float32)
        alive.append(weakref.ref(value))
        return value

    x = tf.py_func(large, [], tf.float32)
    small = tf.reduce_sum(x)
    late = tf.py_func(lambda _: seen.append(alive[-1]()) or np.float32(1), [small], tf.float32)
    for _ in range(2):
        session.run(late)
        assert seen[-1] is None


def test_what_is_fetched_is_the_callers_own_also_where_it_needs_no_call(session):
    x = tf.placeholder(tf.float32, [2])
    mine = np.ones(2, np.float32)
    run = session.make_callable([tf.identity(x) * 1.0, tf.ones([2]) * 2.0], [x])
    for _ in range(3):
        for value in run(mine):
            value[:] = 9
    assert mine.tolist() == [1, 1]
    assert run(mine)[1].tolist() == [2, 2]


# Running ------------------------------------------------------------------------------------


@pytest.mark.parametrize("runs", [1, 2])
def test_an_error_names_the_operation_in_every_run(session, runs):
    x = tf.placeholder(tf.float32, name="x")
    y = tf.add(tf.sin(x), tf.ones([3]), name="total")
    for _ in range(runs - 1):
        session.run(y, {x: np.ones(3)})
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[2\] vs. \[3\]") as caught:
        session.run(y, {x: np.ones(2)})
    assert caught.value.op is y.op
    assert "tf.add(tf.sin(x)" in str(caught.value)


@pytest.fixture
def short_parts(monkeypatch):
    """Plans are written in parts of a single call."""
    monkeypatch.setattr(plan, "PART", 1)


@pytest.mark.usefixtures("short_parts")
def test_a_long_plan_is_written_in_parts(session):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.sin(tf.sin(x, name="first") * x, name="y")
    text = str(session.plan(y, [x])).replace("    ", "")
    assert text.split("\n\n") == [
        "def part(values):\nvalues.first = sin(values.x)",
        "def part_1(values):\nvalues.mul = values.first * values.x",
        "def part_2(values):\nvalues.y = sin(values.mul)",
        "def run(variables, generators, x):\n"
        "values = SimpleNamespace(variables=variables, generators=generators, x=x)\n"
        "part(values)\npart_1(values)\npart_2(values)\nreturn [values.y]",
    ]
    assert [session.run(y, {x: 1.0}) for _ in range(2)] == [np.sin(np.sin(np.float32(1)))] * 2


@pytest.mark.usefixtures("short_parts")
def test_branches_variables_and_lists_pass_from_part_to_part(session):
    x, w = tf.placeholder(tf.float32, []), tf.Variable([1.0, 2.0])
    first, second = tf.split(w, 2)
    y = tf.cond(x > 0, lambda: tf.reduce_sum(first * x * x), lambda: tf.reduce_sum(second - x))
    gradients = tf.gradients(y, [x, w])
    session.run(w.initializer)
    for value, expected in ((3.0, [9.0, 6.0]), (-3.0, [5.0, -1.0])):
        *numbers, slope = session.run([y, *gradients], {x: value})
        assert numbers == expected
        assert slope.tolist() == ([9.0, 0.0] if value > 0 else [0.0, 1.0])


@pytest.mark.usefixtures("short_parts")
def test_an_error_in_a_part_names_its_operation(session):
    x = tf.placeholder(tf.float32)
    y = tf.sin(x + tf.ones([3])) * 2.0
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[2\] vs. \[3\]") as caught:
        session.run(y, {x: np.ones(2)})
    assert caught.value.op.type == "AddV2"


def test_calls_are_data(session):
    x = tf.placeholder(tf.float32, [2, 2], name="x")
    y = tf.reduce_sum(tf.sin(x, name="sine"), axis=1, name="y")
    made = session.plan(y, [x])
    assert [(c.op.type, c.arguments, c.results) for c in made.calls] == [
        ("Sin", ("x",), ("sine",)),
        ("Sum", ("sine",), ("y",)),
    ]
    assert made.calls[1].settings == {"axis": 1, "keepdims": False}
    assert (made.parameters, made.returned) == (["x"], ["y"])


# What may stand in a plan -------------------------------------------------------------------


class Axis(enum.IntEnum):
    ROWS = 0


class Text(str):
    def __repr__(self):
        return "1 / 0"


def test_only_plain_values_are_written_out(session):
    x = tf.placeholder(tf.float32, [2, 3])
    spread = tf.random_normal([3], stddev=np.sqrt(2 / 3), seed=1)
    total = tf.reduce_sum(x, axis=Axis.ROWS)
    checked = tf.check_numerics(x, Text("here"))
    for _ in range(2):
        session.run(spread)
        assert session.run(total, {x: np.ones((2, 3))}).tolist() == [2, 2, 2]
        with pytest.raises(tf.errors.InvalidArgumentError, match="here : Tensor had Inf values"):
            session.run(checked, {x: np.full((2, 3), np.inf)})


@pytest.fixture
def spare(monkeypatch):
    """Operations may be registered, and are gone afterwards."""
    monkeypatch.setattr(registry, "_operations", dict(registry._operations))


@pytest.mark.usefixtures("spare")
@pytest.mark.parametrize(
    "value",
    [
        *(0.1, -3, True, None, "it's", 2**64, 10**5000, float("inf"), np.float64(2), Axis.ROWS),
        *(..., slice(1, None), (1, (2.5, "x")), tuple(range(100)), [1], (Axis.ROWS,), Text("a")),
        *({"a": 1}, b"bytes", 1j, np.ones(()), tf.float32),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_setting_arrives_as_it_was_given(session, value):
    arrived = []

    @operation("Takes a setting", dtypes="T->T")
    def take(x, *, setting=None):
        arrived.append(setting)
        return x

    y = session.graph.apply("Takes a setting", tf.constant(1.0), name="y", setting=value)
    for _ in range(2):
        session.run(y)
    for each in arrived:
        assert type(each) is type(value)
        assert each is value or each == value


@pytest.mark.parametrize(
    "name", ["slice", "Ellipsis", "values", "run", "part", "lambda", "None", "variables", "dict"]
)
@pytest.mark.parametrize("part", [1, 256])
def test_an_operation_may_have_any_name(session, monkeypatch, name, part):
    monkeypatch.setattr(plan, "PART", part)
    i = tf.placeholder(tf.int32, [], name="i")
    x = tf.placeholder(tf.float32, [3], name=name)
    y = tf.sin(x[i:] + x[..., i], name=f"{name}/{name}")
    expected = np.sin(np.float32([4, 5]))
    for _ in range(2):
        assert session.run(y, {x: [1, 2, 3], i: 1}).tolist() == expected.tolist()


@pytest.mark.usefixtures("spare")
@pytest.mark.parametrize("name", ["_", "__", "sin", "σ", "<lambda>", "run", "a b", "1st", "ﬁ"])
def test_a_kernel_may_have_any_name(session, name):
    def kernel(x):
        return x + 1

    kernel.__name__ = name
    y = operation("Named")(kernel)(tf.constant(1.0), name="y")
    assert [session.run(y) for _ in range(2)] == [2, 2]


@pytest.mark.usefixtures("spare")
def test_a_kernel_may_raise_an_error_without_words(session):
    @operation("Raises")
    def fail(x):
        raise KeyError

    y = fail(tf.constant(1.0))
    for _ in range(2):
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            session.run(y)
        assert caught.value.op is y.op


@pytest.mark.parametrize("count", [1, 2, 16, 17, 3000])
def test_a_sum_may_have_any_number_of_terms(session, count):
    xs = [tf.placeholder(tf.float32, []) for _ in range(count)]
    total = tf.add_n(xs)
    for _ in range(2):
        assert session.run(total, dict.fromkeys(xs, 1.0)) == count


def test_an_attribute_that_an_operation_does_not_have_is_refused():
    with pytest.raises(TypeError, match="'Mul' has no attribute 'axis'"):
        tf.apply("Mul", tf.constant(1.0), 2.0, axis=0)


def test_a_tensor_may_stand_anywhere_in_an_index(session):
    x, i = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.placeholder_with_default(1, [])
    for _ in range(2):
        assert session.run(x[i, ::-1]).tolist() == [4.0, 3.0]
        assert session.run(x[i:, ..., None]).tolist() == [[[3.0], [4.0]]]


# Asking again -------------------------------------------------------------------------------


def test_a_run_is_cached_for_any_nesting_of_fetches(session):
    x = tf.placeholder(tf.float32, [])
    y, z = x + 1, x + 2
    for _ in range(2):
        assert session.run([y, z], {x: 1.0}) == [2, 3]
        assert session.run((y, z), {x: 1.0}) == (2, 3)
        assert session.run([y, [z]], {x: 1.0}) == [2, [3]]
        assert session.run({"y": y}, {x: 1.0}) == {"y": 2}
        assert session.run([y, x], {x: 1.0}) == [2, 1]
    with pytest.raises(TypeError, match="input must be a dictionary"):
        session.run([y, z], [x])


def test_a_name_means_what_it_means_now(graph, session):
    with graph.scratch():
        first = tf.constant(1.0, name="a")
        assert session.run(["a:0"]) == [1]
    tf.constant(2.0, name="a")
    assert session.run(["a:0"]) == [2]
    assert first.graph is graph


def test_a_cached_run_respects_a_shape_that_is_set_later(session):
    x = tf.placeholder(tf.float32)
    y = x * 2
    run = session.make_callable(y, [x])
    assert run([1.0, 2.0]).tolist() == [2, 4]
    x.set_shape([3])
    with pytest.raises(ValueError, match="Cannot feed value of shape"):
        run([1.0, 2.0])
    with pytest.raises(ValueError, match="Cannot feed value of shape"):
        run(1.0)


def test_a_python_function_finds_the_context_that_it_was_called_in(session):
    mood = contextvars.ContextVar("mood", default="none")
    asked = tf.py_func(lambda: np.bytes_(mood.get()), [], tf.string)
    mood.set("curious")
    for _ in range(3):
        assert session.run(asked) == b"curious"


def test_infinities_do_not_warn_also_in_a_run_within_a_run(session):
    x = tf.placeholder(tf.float32, [])
    inner = tf.exp(x * 1e30)
    y = tf.py_func(lambda v: session.run(inner, {x: float(v)}) * v, [x / 0.5], tf.float32)
    for _ in range(3):
        assert session.run(y, {x: 1e30}) == np.inf
        assert session.run(1 / (x * 0), {x: 1e300}) != 0
