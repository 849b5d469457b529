"""An adjoint is explained as a sum over all paths out, and compared with what a stop leaves."""

import pytest
import traces
from hypothesis import given
from hypothesis import strategies as st
from page_lines import compared_lines, first_changed, why_line
from printed import equations, holds

import nbgrad as ng


def said(parts):
    return "".join(map(str, parts))


def test_each_path_is_a_product():
    line = said(why_line(traces.textbook(), "x"))
    assert line == (
        "df/dx = ∂f/∂b · ∂b/∂a · ∂₁a/∂x + ∂f/∂b · ∂b/∂a · ∂₂a/∂x"
        " = 1 · 4 · 3 + 1 · 4 · 3 = 24; 2 paths lead from x to f"
    )


def test_a_seed_stands_before_its_path():
    trace = traces.two_outputs()
    assert said(why_line(trace, "y")).startswith(
        "y\u0304 = ∂p/∂y + q\u0304 · ∂q/∂p · ∂p/∂y = 3 + 2 · 1 · 3"
    )
    other = said(why_line(traces.two_outputs((-1.0, 2.0)), "y"))
    assert other.startswith(
        "y\u0304 = seed p · ∂p/∂y + q\u0304 · ∂q/∂p · ∂p/∂y = (−1) · 3 + 2 · 1 · 3 = 3;"
    )
    assert said(why_line(trace, "p")) == (
        "p\u0304 = seed + q\u0304 · ∂q/∂p = 1 + 2 · 1 = 3; its seed, and 1 path to q"
    )


def test_where_paths_are_many_each_reader_is_a_term():
    trace = traces.chain()
    line = said(why_line(trace, "x"))
    assert "paths lead from x to" in line
    assert len(line) < 200


def test_an_array_is_its_rule_and_its_shape():
    line = said(why_line(traces.matrices(), "W"))
    assert line == "dL/dW = Xᵀ · dL/du, 3×2; the only path from W to L"


def test_what_is_none_says_why():
    assert said(why_line(traces.states(), "u")) == "df/du is None: no path leads from u to f"


def test_a_zero_says_why_after_its_sum():
    line = said(why_line(traces.states(), "z"))
    assert line.startswith("df/dz = ")
    assert line.endswith(" = 0; the gradients that meet at z cancel each other")


@given(st.lists(st.integers(-4, 4), min_size=2, max_size=2), st.integers(-3, 3))
def test_every_equation_is_true(point, seed):
    trace = traces.textbook(*map(float, point), seed=float(seed))
    lines = "\n".join(said(why_line(trace, node.id)) for node in trace.nodes)
    assert all(map(holds, equations(lines)))


def partial(stop):
    a = ng.Variable(5.0, name="a")
    b = ng.multiply(2.0, a, name="b")
    y = ng.add(a, b, name="y")
    return ng.trace(y, [a]), ng.trace(y, [a], stop_gradients=[{"a": a, "b": b, "y": y}[stop]])


def test_a_stop_strikes_its_paths_through():
    whole, stopped = partial("b")
    assert first_changed(whole, stopped) == whole.node("a").id
    total, partly = compared_lines(whole, stopped, "a")
    assert said(total) == "total dy/da = ∂y/∂a + ∂y/∂b · ∂b/∂a = 1 + 1 · 2 = 3"
    cut = [part.text for part in partly if part.cut]
    assert cut == ["∂y/∂b", "∂b/∂a", "1", "2"]
    assert said(partly).endswith(" = 1, was 3: the path through b is cut")


def test_where_every_path_is_cut_nothing_is_left():
    _, partly = compared_lines(*partial("y"), "a")
    assert said(partly).endswith(" = None, was 3: the 2 paths through y are cut")


def test_a_stop_further_on_is_named_too():
    x = ng.Variable([1.0, 2.0], name="x")
    h = ng.tanh(ng.square(x, name="a"), name="h")
    f = ng.reduce_sum(h, name="f")
    whole, stopped = ng.trace(f, [x]), ng.trace(f, [x], stop_gradients=[h])
    partly = compared_lines(whole, stopped, "x")[1]
    assert said(partly).endswith(" = None, the path through h is cut")


def test_a_stop_that_changes_nothing_is_not_compared():
    whole, stopped = partial("a")
    assert first_changed(whole, stopped) is None
    assert not any(part.cut for part in compared_lines(whole, stopped, "a")[1])


@pytest.mark.parametrize("key", ["x", "unused"])
def test_nothing_is_compared_where_nothing_arrives(key):
    x, unused = ng.Variable(1.0, name="x"), ng.Variable(1.0, name="unused")
    run = ng.trace(ng.identity(x, name="y") if key == "unused" else ng.sign(x), [x, unused])
    assert compared_lines(run, run, "unused") == ((), ())
