"""A trace tells both passes as they were, in plain data."""

import json

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.trace.formulas import bar
from nbgrad.trace.model import Trace


@pytest.fixture(autouse=True)
def graph():
    with ng.Graph().as_default() as graph:
        yield graph


def adjoint(trace, label):
    return trace.node(label).adjoint.value.array


def textbook():
    """f = x²y + y + 2 at (3, 4), in named steps."""
    x = ng.Variable(3.0, name="x")
    y = ng.Variable(4.0, name="y")
    a = ng.multiply(x, x, name="a")
    b = ng.multiply(a, y, name="b")
    c = ng.add(y, 2.0, name="c")
    return x, y, a, b, c, ng.add(b, c, name="f")


def test_the_textbook_example_has_the_textbook_numbers():
    x, y, *_, f = textbook()
    trace = ng.trace(f, [x, y])
    values = {n.label: float(n.value.array) for n in trace.nodes}
    assert values == {"x": 3, "y": 4, "a": 9, "b": 36, "2": 2, "c": 6, "f": 42}
    assert [float(adjoint(trace, label)) for label in "fbcaxy"] == [1, 1, 1, 4, 24, 10]


def test_a_loss_alone_is_traced_by_all_variables_behind_it():
    x, y, *_, f = textbook()
    wanted = ng.trace(f, [x, y]).to_dict()
    for ys in (f, "f:0", [f]):
        assert ng.trace(ys).to_dict() == wanted
    assert ng.trace(f, feed_dict={x: 5.0}).node("y").adjoint.value.array == 26.0


@pytest.mark.parametrize("matrix", [np.eye(3), [[1, 2], [3, 4]]])
def test_a_matrix_alone_has_tensorflows_trace(matrix):
    assert ng.Session().run(ng.trace(matrix)) == np.trace(matrix)


def test_every_operand_has_an_edge_of_its_own():
    x = ng.constant(3.0, name="x")
    trace = ng.trace(x * x * x, x)
    assert [e.source for e in trace.edges] == ["n0", "n0", "n1", "n0"]
    assert [e.id for e in trace.incoming(trace.nodes[1])] == ["e1.0", "e1.1"]


def test_the_local_derivative_is_the_rule_itself_printed():
    x, y, *_, f = textbook()
    trace = ng.trace(f, [x, y])
    printed = {(e.local.symbol, e.local.formula) for e in trace.edges if e.local}
    assert printed == {
        ("∂₁a/∂x", "x"),
        ("∂₂a/∂x", "x"),
        ("∂b/∂a", "y"),
        ("∂b/∂y", "a"),
        ("∂c/∂y", "1"),
        ("∂f/∂b", "1"),
        ("∂f/∂c", "1"),
    }


@pytest.mark.parametrize(
    ("build", "expression", "latex"),
    [
        (lambda x, n: x**2, "x²", "{x}^{2}"),
        (lambda x, n: x**-10, "x⁻¹⁰", "{x}^{-10}"),
        (lambda x, n: x**-0.5, "x⁻⁰·⁵", "{x}^{-0.5}"),
        (lambda x, n: x**n, "x^n", "{x}^{n}"),
        (lambda x, n: ng.square(x), "x²", "{x}^{2}"),
    ],
)
def test_a_power_by_a_number_is_written_as_in_a_textbook(build, expression, latex):
    x, n = ng.Variable(0.5, name="x"), ng.Variable(3.0, name="n")
    trace = ng.trace(build(x, n), [x, n])
    node = trace.node(trace.ys[0])
    assert (node.expression, node.latex) == (expression, latex)


@pytest.mark.parametrize(
    ("build", "formula"),
    [
        (lambda x: ng.sin(x), "cos(x)"),
        (lambda x: x**2, "2 · x"),
        (lambda x: x**3, "3 · x²"),
        (lambda x: x**-1, "−1 · x⁻²"),
        (lambda x: x**0.5, "0.5 · x⁻⁰·⁵"),
        (lambda x: ng.exp(x), "z"),
        (lambda x: ng.tanh(x), "1 − z²"),
        (lambda x: ng.sigmoid(x), "z · (1 − z)"),
        (lambda x: 1 / x, "−1 / x²"),
        (lambda x: 5 - x, "−1"),
        (lambda x: 5 * x, "5"),
        (lambda x: ng.log(x), "1 / x"),
    ],
)
def test_formulas_read_as_in_a_textbook(build, formula):
    x = ng.constant(0.5, name="x")
    z = build(x)
    trace = ng.trace(z, x)
    [edge] = trace.outgoing(trace.node("x"))
    z_label = trace.nodes[-1].label
    assert edge.local.formula == formula.replace("z", z_label)


def test_contributions_add_up_to_the_adjoint():
    x, y, *_, f = textbook()
    trace = ng.trace(f, [x, y])
    for node in trace.nodes:
        sent = [e.contribution.array for e in trace.outgoing(node) if e.contribution]
        if sent:
            assert np.allclose(sum(sent), node.adjoint.value.array)


def test_a_factor_times_what_arrives_is_the_contribution():
    x = ng.constant([1.0, 2.0, 3.0], name="x")
    y = ng.constant([[4.0], [5.0]], name="y")
    trace = ng.trace(ng.reduce_sum(ng.sin(x) * y), [x, y])
    for edge in trace.edges:
        if edge.local and edge.local.is_factor:
            arrives = trace.node(edge.target).adjoint.value.array
            product = np.asarray(arrives * edge.local.value.array)
            while product.ndim > edge.contribution.array.ndim:
                product = product.sum(0)
            for axis, size in enumerate(edge.contribution.shape):
                if size == 1:
                    product = product.sum(axis, keepdims=True)
            assert np.allclose(product, edge.contribution.array)


def test_the_steps_are_those_that_ran():
    x, y, *_, f = textbook()
    trace = ng.trace(f, [x, y])
    label = {n.id: n.label for n in trace.nodes}
    steps = [(s.kind, label[s.node], *s.edges) for s in trace.steps]
    assert steps[:5] == [
        ("forward", "a"),
        ("forward", "b"),
        ("forward", "c"),
        ("forward", "f"),
        ("seed", "f"),
    ]
    assert [kind for kind, *_ in steps[5:]] == ["multiply"] * 7 + ["sum"] * 2
    known = set()
    for step in trace.steps:
        if step.kind in ("seed", "sum"):
            known.add(step.node)
        if step.kind == "multiply":
            source = trace.edge(step.edges[0]).source
            several = sum(e.contribution is not None for e in trace.outgoing(trace.node(source)))
            assert step.node in known, "a gradient is multiplied only once it is complete"
            if several == 1:
                known.add(source)


def test_a_number_of_steps_that_there_is_not_is_refused():
    x, y, *_, f = textbook()
    trace = ng.trace(f, [x, y])
    trace.check_step(len(trace.steps))
    with pytest.raises(IndexError, match="has 14 steps; there is no step 15"):
        trace.check_step(15)


def test_a_trace_survives_json():
    x, y, *_, f = textbook()
    with np.errstate(all="ignore"):
        for trace in (
            ng.trace(f, [x, y]),
            ng.trace(ng.log(x * 0.0), x),
            ng.trace(ng.constant([[1.0, 2.0]]) * x, x, grad_ys=[[[1.0, 0.0]]]),
            ng.trace(f, x, stop_gradients=[f]),
        ):
            text = json.dumps(trace.to_dict(), allow_nan=False)
            assert Trace.from_dict(json.loads(text)) == trace


def test_a_trace_of_text_and_complex_numbers_survives_json():
    x = ng.constant([1.0, np.nan], name="x")
    same = ng.equal(ng.constant(["a", "ö"], name="words"), "a")
    z = ng.complex(x, [2.0, 3.0], name="z")
    for y in (ng.real(z * z), ng.cast(same, ng.float32) * x):
        trace = ng.trace(y, x)
        text = json.dumps(trace.to_dict(), allow_nan=False)
        assert Trace.from_dict(json.loads(text)) == trace


@pytest.mark.parametrize("number", [0, 2, "1", None])
def test_a_trace_of_another_format_is_refused(number):
    x = ng.constant(1.0, name="x")
    data = ng.trace(x * x, x).to_dict() | {"format": number}
    with pytest.raises(ValueError, match="this nbgrad reads format 1"):
        Trace.from_dict(data)


@pytest.mark.parametrize("ends", [("n1", "n0"), ("n1", "n1"), ("n0", "n9")])
def test_a_trace_with_a_cycle_or_a_loose_edge_is_refused(ends):
    x = ng.constant(1.0, name="x")
    data = ng.trace(ng.exp(x), x).to_dict()
    data["edges"][0] |= dict(zip(("source", "target"), ends, strict=True))
    with pytest.raises(ValueError, match=r"'e1\.0' leads from .* a trace has no cycles"):
        Trace.from_dict(data)


# The five states of an adjoint, each cause planted ----------------------------------------------


def state(trace, label):
    found = trace.node(label).adjoint
    at = None if found.at is None else trace.node(found.at).label
    return found.state, found.cause, at


def test_no_path_leads_there():
    x, y = ng.constant(1.0, name="x"), ng.constant(2.0, name="y")
    assert state(ng.trace(y * y, [x]), "x") == ("none", "no path", None)


def test_an_integer_cuts_the_path():
    x = ng.constant(2.5, name="x")
    whole = ng.cast(x, ng.int32, name="whole")
    z = ng.cast(whole, ng.float32) * 2.0
    assert state(ng.trace(z, [x]), "x") == ("none", "integer", "whole")


def test_a_stop_cuts_the_path_but_receives_its_own_gradient():
    x = ng.constant(3.0, name="x")
    a = ng.square(x, name="a")
    trace = ng.trace(ng.square(a), [x], stop_gradients=[a])
    assert state(trace, "x") == ("none", "stopped", "a")
    assert adjoint(trace, "a") == 18
    assert trace.node("a").stopped
    assert [s.kind for s in trace.steps][-1] == "stop"
    assert trace.edge("e1.0").cause == "stopped"


def test_an_operation_without_derivative_cuts_the_path():
    x = ng.constant(3.0, name="x")
    s = ng.floor(x, name="s")
    assert state(ng.trace(s * 2.0, [x]), "x") == ("none", "not differentiable", "s")


def test_stop_gradient_stops_its_edge_and_the_other_way_stays_open():
    x = ng.constant(3.0, name="x")
    s = ng.stop_gradient(x, name="s")
    assert state(ng.trace(s * 2.0, [x]), "x") == ("none", "stopped", "s")
    trace = ng.trace(s * x, [x])
    assert trace.edge("e1.0").cause == "stopped"
    assert adjoint(trace, "x") == 3.0


def test_a_change_of_dtype_is_said_on_its_card_and_left_out_of_formulas():
    x = ng.constant(3.5, name="x")
    i = ng.cast(x, ng.int32, name="i")
    w = ng.cast(x * x, ng.float64, name="w")
    trace = ng.trace(ng.sin(w, name="f") + ng.to_double(i), [x])
    assert trace.node("i").expression == "int32(x)"
    assert trace.node("w").expression.startswith("float64(")


def test_of_several_results_only_those_in_use_are_drawn():
    x = ng.constant([1.0, 2.0, 3.0], name="x")
    first, _, last = ng.unstack(x)
    trace = ng.trace(first * last, [x])
    assert sum(node.op_type == first.op.type for node in trace.nodes) == 2


def test_a_custom_gradient_is_drawn_as_a_call_of_its_function():
    @ng.custom_gradient
    def sign_ste(u):
        return ng.sign(u), lambda dy: dy

    u = ng.constant(0.5, name="u")
    trace = ng.trace(sign_ste(u) * 2.0, [u])
    [call] = [node for node in trace.nodes if node.op_type == "IdentityN"]
    assert call.expression == "sign_ste(u)"
    assert call.symbol == "sign_ste"
    [edge] = trace.incoming(call)
    assert (trace.node(edge.source).label, edge.cause) == ("u", "")
    assert adjoint(trace, "u") == 2.0


def test_the_inside_of_a_custom_gradient_is_drawn_where_an_x_lies_inside():
    inside = []

    @ng.custom_gradient
    def log1pexp(u):
        inside.append(ng.exp(u, name="e"))
        return ng.log(1.0 + inside[0]), lambda dy: dy * (1.0 - 1.0 / (1.0 + inside[0]))

    x = ng.Variable(3.0, name="x")
    f = log1pexp(x)
    hidden = ng.trace(f, [x])
    assert [node.label for node in hidden.nodes] == ["x", "f"]
    [edge] = hidden.edges
    assert edge.local.formula == "1 − 1 / (1 + exp(x))"
    whole = ng.trace(f, [x, inside[0]])
    assert state(whole, "e")[:2] == ("none", "no path")
    assert {"Exp", "Log"} <= {node.op_type for node in whole.nodes}


@pytest.mark.parametrize(
    ("rule", "formula"),
    [
        (lambda dy: ng.clip_by_value(dy, -1.0, 1.0), "max(min({}, 1), −1)"),
        (lambda dy: ng.sign(dy), "sign({})"),
        (lambda dy: dy * dy, "{0} · {0}"),
    ],
)
def test_a_rule_that_does_not_multiply_is_written_out(rule, formula):
    @ng.custom_gradient
    def passing(u):
        return ng.identity(u), rule

    x = ng.Variable(3.0, name="x")
    y = passing(x)
    [edge] = ng.trace(y * 4.0, [x]).incoming(ng.trace(y * 4.0, [x]).node("y"))
    assert (edge.local.formula, edge.local.is_factor) == (formula.format("y\u0304"), False)


def test_a_users_rule_that_multiplies_is_a_factor():
    @ng.RegisterGradient("HalfInside")
    def half_inside(op, dz):
        return ng.where(ng.abs(op.inputs[0]) < 1.0, 0.5 * dz, ng.zeros_like(dz))

    x = ng.Variable([0.3, 3.0], name="x")
    with ng.get_default_graph().gradient_override_map({"Sign": "HalfInside"}):
        y = ng.sign(x, name="y")
    [edge] = ng.trace(y, [x]).edges
    assert edge.local.value.array.tolist() == [0.5, 0.0]


def test_a_rule_from_a_program_without_a_name_is_a_users_rule():
    program = """
@ng.RegisterGradient("Doubled")
def doubled(op, dz):
    return 2.0 * dz
"""
    exec(program, {"ng": ng})
    x = ng.Variable(3.0, name="x")
    with ng.get_default_graph().gradient_override_map({"Sign": "Doubled"}):
        y = ng.sign(x, name="y")
    [edge] = ng.trace(y, [x]).edges
    assert edge.local.value.array == 2


def test_a_custom_gradient_with_two_results_has_one_card_for_each():
    @ng.custom_gradient
    def both(a, b):
        return (a * b, a + b), lambda dp, dq: (dp * b + dq, dp * a + dq)

    x = ng.Variable(3.0, name="x")
    p, q = both(x, x)
    trace = ng.trace(p * q, [x])
    assert [(n.label, n.expression) for n in trace.nodes[1:3]] == [
        ("p", "both(x, x)"),
        ("q", "both(x, x)"),
    ]
    symbols = [edge.local.symbol for edge in trace.edges if edge.target == trace.node("p").id]
    assert symbols == ["∂₁p/∂x", "∂₂p/∂x"]
    assert adjoint(trace, "x") == 2 * 3.0 * 6.0 + 2 * 9.0


def test_an_adjoint_that_no_x_needs_is_not_run():
    x, y = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="y")
    trace = ng.trace(x * y, [x])
    assert state(trace, "y") == ("not run", "", None)


def test_a_factor_of_zero():
    x = ng.constant(3.0, name="x")
    z = ng.multiply(x, 0.0, name="z")
    assert state(ng.trace(z, [x]), "x") == ("zero", "times zero", "z")


def test_a_unit_that_is_off():
    x = ng.constant(-1.0, name="x")
    z = ng.nn.relu(x, name="z")
    assert state(ng.trace(z, [x]), "x") == ("zero", "unit off", "z")


def test_terms_that_cancel():
    x = ng.constant(3.0, name="x")
    assert state(ng.trace(x - x, [x]), "x") == ("zero", "terms cancel", "x")


def test_what_was_broadcast_may_cancel_in_its_sum():
    bias = ng.constant([0.0, 0.0], name="bias")
    rows = ng.constant([[0.25, -0.25], [-0.25, 0.25]])
    assert state(ng.trace((rows + bias) * rows, [bias]), "bias") == ("zero", "terms cancel", "bias")
    times = ng.multiply(bias, 0.0 * rows, name="times")
    assert state(ng.trace(times, [bias]), "bias") == ("zero", "times zero", "times")


def test_a_seed_of_zero():
    x = ng.constant(3.0, name="x")
    z = ng.square(x, name="z")
    trace = ng.trace(z, [x], grad_ys=[0.0])
    assert state(trace, "z") == ("zero", "seed zero", "z")
    assert state(trace, "x") == ("zero", "seed zero", "z")


def test_the_cause_of_a_zero_lies_where_it_began():
    x = ng.constant(3.0, name="x")
    off = ng.nn.relu(-ng.square(x), name="off")
    assert state(ng.trace(ng.exp(off), [x]), "x") == ("zero", "unit off", "off")


def test_where_infinity_began():
    x = ng.constant(0.0, name="x")
    a = ng.multiply(x, 2.0, name="a")
    z = ng.log(a, name="z")
    trace = ng.trace(z, [x])
    assert state(trace, "a") == ("not finite", "began here", "z")
    assert state(trace, "x") == ("not finite", "came from above", "z")


@pytest.mark.parametrize("value", [1e39, -np.inf, np.nan])
def test_an_x_that_is_not_finite_is_the_culprit_and_not_its_reader(value):
    x = ng.placeholder(ng.float32, [], name="x")
    a = ng.multiply(x, x, name="a")
    trace = ng.trace(ng.square(a * 2.0), [x, a], feed_dict={x: value})
    assert state(trace, "x") == state(trace, "a") == ("not finite", "value not finite", "x")


def test_the_first_value_that_overflows_is_the_culprit():
    x = ng.constant([1.0, 1e30], name="x")
    big = ng.square(x, name="big")
    trace = ng.trace(ng.square(big, name="z"), [x])
    assert state(trace, "big") == state(trace, "x") == ("not finite", "value not finite", "big")


# What a trace leaves alone -----------------------------------------------------------------------


def test_tracing_leaves_nothing_in_the_graph(graph):
    x, y, *_, f = textbook()
    before = [op.name for op in graph.get_operations()]
    readers = f.consumers()
    ng.trace(f, [x, y], grad_ys=[2.0], stop_gradients=[f])
    assert [op.name for op in graph.get_operations()] == before
    assert f.consumers() == readers
    assert ng.gradients(f, x)[0].name.startswith("gradients/")


def test_a_finalized_graph_can_be_traced(graph):
    x, y, *_, f = textbook()
    graph.finalize()
    assert adjoint(ng.trace(f, [x, y]), "x") == 24


def test_a_variable_has_its_session_s_value_or_else_its_initial_one():
    x = ng.Variable(3.0, name="x")
    z = x * x
    assert adjoint(ng.trace(z, x), "x") == 6
    with ng.Session() as session:
        session.run(x.initializer)
        session.run(x.assign(10.0))
        assert adjoint(ng.trace(z, x), "x") == 20
        assert session.run(x) == 10


def test_tracing_an_assignment_does_not_assign():
    x = ng.Variable(3.0, name="x")
    with ng.Session() as session:
        session.run(x.initializer)
        trace = ng.trace(x.assign_add(1.0) * 2.0, x)
        assert trace.nodes[-1].value.array == 8
        assert session.run(x) == 3


def test_a_placeholder_must_be_fed():
    p = ng.placeholder(ng.float32, name="p")
    assert adjoint(ng.trace(p * p, p, feed_dict={p: 4.0}), "p") == 8
    with pytest.raises(ng.errors.InvalidArgumentError, match=r"You must feed a value for .* 'p'"):
        ng.trace(p * p, p)


def test_several_ys_with_seeds_and_a_y_on_the_way_to_another():
    x = ng.constant(3.0, name="x")
    m = ng.multiply(x, x, name="m")
    z = ng.multiply(m, x, name="z")
    trace = ng.trace([m, z], [x], grad_ys=[2.0, 3.0])
    assert adjoint(trace, "x") == 93
    assert adjoint(trace, "m") == 2 + 3 * 3
    assert trace.node("m").seed.array == 2


def test_the_same_y_twice_counts_twice():
    x = ng.constant(3.0, name="x")
    z = ng.square(x, name="z")
    trace = ng.trace([z, z], [x])
    assert adjoint(trace, "x") == 12
    assert trace.node("z").seed.array == 2
    assert len(trace.ys) == 1


@pytest.mark.parametrize(("y", "slope_x", "slope_y"), [(4.0, 6, None), (2.0, 2, 3)])
def test_a_choice_between_branches_is_one_node(y, slope_x, slope_y):
    x, y = ng.Variable(3.0, name="x"), ng.Variable(y, name="y")
    z = ng.cond(x < y, lambda: x * x, lambda: y * x, name="z")
    trace = ng.trace(z + 1.0, [x, y])
    assert adjoint(trace, "x") == slope_x
    assert adjoint(trace, "y") == (slope_y or 0)
    chosen = next(n for n in trace.nodes if n.op_type == "Merge")
    assert chosen.value.array == (9 if slope_y is None else 6)
    assert "x · x" in chosen.expression


def test_a_seed_may_be_a_variable():
    x = ng.constant(3.0, name="x")
    weight = ng.Variable(2.0, name="weight")
    assert adjoint(ng.trace(x * x, x, grad_ys=[weight]), "x") == 12


def test_the_gradient_of_a_gradient_is_traced_like_anything_else():
    x = ng.constant(2.0, name="x")
    [slope] = ng.gradients(x**4, x)
    assert adjoint(ng.trace(slope, x), "x") == 48


def test_numbers_that_a_derivative_s_graph_computes_from_constants_are_constants():
    x = ng.Variable(2.0, name="x")
    [slope] = ng.gradients(x**3, x)
    trace = ng.trace(slope, [x])
    assert [n.label for n in trace.nodes if n.role == "constant"] == ["3", "2"]
    assert [n.expression for n in trace.nodes if n.expression] == ["x²", "3 · a"]
    assert adjoint(trace, "x") == 12.0
    assert [step.kind for step in trace.steps][:3] == ["forward", "forward", "seed"]


def test_what_a_program_computes_from_constants_is_drawn_as_it_says():
    x = ng.Variable(2.0, name="x")
    two = ng.subtract(3.0, 1.0, name="two")
    trace = ng.trace(x * two, [x])
    assert trace.node("two").expression == "3 − 1"


@pytest.mark.parametrize(
    ("take", "value", "place"),
    [
        (lambda m: m[1], "m[1]", "at 1"),
        (lambda m: m[0, :2], "m[0, :2]", "at 0, :2"),
        (lambda m: m[..., -1], "m[…, −1]", "at …, −1"),
        (lambda m: m[::2, None], "m[::2, None]", "at ::2, None"),
        (lambda m: m[ng.constant(1)], "m[·]", "at ·"),
    ],
)
def test_a_part_is_written_with_its_index_and_its_gradient_goes_there(take, value, place):
    m = ng.Variable([[1.0, 2.0], [3.0, 4.0]], name="m")
    found = ng.trace(ng.identity(take(m), name="y"), m)
    [node] = [each for each in found.nodes if each.op_type == "StridedSlice"]
    [local] = [edge.local for edge in found.incoming(node) if edge.local]
    assert (node.expression, local.formula) == (value, f"{bar(node.label)} {place}")


def test_a_random_tensor_may_have_the_shape_of_what_is_fed():
    p = ng.placeholder(ng.float32, [None, 2], name="p")
    w = ng.Variable([[1.0], [2.0]], name="w")
    loss = ng.reduce_sum(ng.nn.dropout(ng.matmul(p, w), keep_prob=0.5), name="loss")
    feed = {p: [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]}
    for found in (ng.trace(loss, [w], feed_dict=feed), ng.compare(loss, [w], feed_dict=feed).total):
        assert adjoint(found, "w").shape == (2, 1)
    assert ng.explore(loss, [w], feed_dict=feed).message == ""


def test_a_constant_with_respect_to_which_a_gradient_is_differentiated_is_no_mere_number():
    a, seed = ng.constant(3.0, name="a"), ng.constant(1.0, name="seed")
    [gradient] = ng.gradients(a * a, a, grad_ys=seed)
    traced = ng.trace(gradient, seed)
    assert traced.node("seed").adjoint.value.array == 6
    assert traced.outgoing(traced.node("seed"))
