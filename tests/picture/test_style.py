"""A picture of one graph turns into any other picture of it, by styles alone."""

import itertools
import json
from dataclasses import replace

import pytest
import traces
from changes import difference
from page import applied, as_elements

from nbgrad.picture.drawing import Drawing
from nbgrad.picture.scene import Group, Rule

STATES = {
    "other numbers": lambda: traces.textbook(-2.5, 1e-9),
    "a stop": lambda: traces.textbook(stop="a"),
    "a stop on a leaf": lambda: traces.textbook(stop="x"),
    "a zero seed": lambda: traces.textbook(seed=0.0),
    "not a number": lambda: traces.textbook(float("nan"), float("inf")),
    "huge": lambda: traces.textbook(1e200, 1e200),
}


def painted(trace, like=None):
    return replace(Drawing.of(like or trace, legend=False), trace=trace).styled


@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
def test_every_state_of_a_graph_has_the_same_scene(state):
    assert painted(state()).scene == painted(traces.textbook()).scene


@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
@pytest.mark.parametrize("back", [False, True], ids=["there", "back"])
def test_the_difference_turns_one_svg_into_the_other(state, back):
    first = Drawing.of(traces.textbook(), legend=False)
    second = replace(first, trace=state())
    old, new = (second, first) if back else (first, second)
    patch = difference(old.styled, new.styled)
    assert applied(patch, old.svg()) == as_elements(new.svg())


def test_matrices_are_patched_cell_by_cell():
    first = Drawing.of(traces.matrices())
    second = replace(first, trace=traces.matrices(scale=-0.5))
    patch = difference(first.styled, second.styled)
    assert applied(patch, first.svg()) == as_elements(second.svg())
    assert set(patch["n0.value.1"]) == {"text", "title"}
    assert patch["n0.value.1"]["text"] == "0.5"


def test_nothing_differs_between_equal_traces():
    assert difference(painted(traces.textbook()), painted(traces.textbook())) == {}


def test_one_input_changes_a_few_styles_only():
    patch = difference(painted(traces.textbook()), painted(traces.textbook(x=2.0)))
    assert "n1.value" not in patch
    assert patch["n0.value"]["text"] == "2"


def test_ids_are_unique():
    for graph in (traces.textbook, traces.matrices, traces.two_outputs, traces.chain):
        ids = [element.id for element in painted(graph()).scene.elements()]
        assert len(ids) == len(set(ids))


def test_every_style_belongs_to_an_element():
    for graph in (traces.textbook, traces.matrices, traces.large, traces.states, traces.chain):
        picture = painted(graph())
        assert picture.styles.keys() <= {element.id for element in picture.scene.elements()}


def test_a_value_shows_when_its_step_has_run():
    picture = painted(traces.textbook())
    assert not picture.styles["n2.value"].strength(0) > 0
    assert picture.styles["n2.value.wait"].strength(0) > 0
    assert picture.styles["n2.value"].strength(1) > 0
    assert not picture.styles["n2.value.wait"].strength(1) > 0


def test_the_rows_of_an_inbox_wait_for_their_readers():
    picture = painted(traces.textbook())
    rows = [picture.styles[f"{edge}.inbox"] for edge in ("e2.0", "e2.1")]
    dots = [picture.styles[f"{edge}.inbox.wait"] for edge in ("e2.0", "e2.1")]
    assert [row.text for row in rows] == ["+12", "+12"]
    assert [row.since for row in rows] == [dot.until for dot in dots]
    assert rows[1].since <= picture.styles["n0.adjoint"].since


@pytest.mark.parametrize("graph", [traces.textbook, traces.two_outputs, traces.states])
def test_the_rows_of_an_inbox_sum_to_the_adjoint(graph):
    trace = graph()
    picture = painted(trace)
    inboxes = 0
    for node in trace.nodes:
        keys = [f"{edge.id}.inbox" for edge in trace.outgoing(node)] + [f"{node.id}.inbox.seed"]
        texts = [picture.styles[key].text for key in keys if key in picture.styles]
        terms = [float(text.replace("−", "-")) for text in texts if text not in ("", "–")]
        if len(terms) > 1:
            inboxes += 1
            assert sum(terms) == pytest.approx(float(node.adjoint.value.array), rel=1e-2)
    assert inboxes or graph is traces.states


def test_at_every_step_each_lane_says_exactly_one_thing():
    for trace in (traces.textbook(), traces.textbook(stop="a"), traces.states()):
        picture = painted(trace)
        nodes = [node for node in trace.nodes if node.role != "constant"]
        for node, k in itertools.product(nodes, range(picture.steps + 2)):
            value = [f"{node.id}.value", f"{node.id}.value.wait"]
            adjoint = [f"{node.id}.adjoint", f"{node.id}.adjoint.wait"]
            for lane in (value, adjoint):
                assert sum(picture.styles[key].strength(k) > 0 for key in lane) == 1, (lane, k)


def test_something_is_at_work_in_every_step():
    trace = traces.textbook()
    picture = painted(trace)
    halos = [style for key, style in picture.styles.items() if ".halo" in key or ".glow" in key]
    for k in range(1, picture.steps + 1):
        assert any(style.strength(k) > 0 for style in halos)
    assert not any(
        style.strength(0) > 0 or style.strength(picture.steps + 1) > 0 for style in halos
    )


def test_the_five_states_of_an_adjoint_differ_in_words_and_shape():
    picture = painted(traces.states())
    by_label = {node.label: picture.styles[f"{node.id}.adjoint"] for node in traces.states().nodes}
    assert "none" in by_label["k"].classes
    assert by_label["k"].text == "None ℤ"
    assert by_label["z"].text == "0"
    assert "badge" in by_label["x"].classes
    waiting = painted(traces.no_xs())
    assert not waiting.styles["n0.adjoint"].strength(99) > 0
    assert waiting.styles["n0.adjoint.wait"].strength(99) > 0


def test_a_stop_puts_a_bar_on_each_operand_and_nothing_runs_back():
    styles = painted(traces.textbook(stop="a")).styles
    for edge in ("e2.0", "e2.1"):
        assert styles[f"{edge}.stop"].strength(0) > 0
        assert not styles[f"{edge}.reverse"].strength(99) > 0
    assert styles["n0.adjoint"].text == "None ‖"
    assert styles["n2.adjoint"].text == "4"


def test_groups_name_their_node_or_edge():
    groups = [e for e in painted(traces.textbook()).scene.elements() if isinstance(e, Group)]
    assert {g.node for g in groups if g.node} == {f"n{i}" for i in (0, 1, 2, 3, 5, 6)}
    assert "e2.1" in {g.edge for g in groups}


def test_the_two_operands_of_a_square_have_two_derivatives():
    texts = [style.text for style in painted(traces.square(value=3.0)).styles.values()]
    assert [text for text in texts if "∂" in text] == ["∂₁y/∂x = 3", "∂₂y/∂x = 3"]


@pytest.mark.parametrize("graph", [traces.textbook, traces.states, traces.two_outputs])
def test_the_rules_of_a_template_are_plain_data(graph):
    template = Drawing.of(graph()).template
    rules = tuple(Rule(*each) for each in json.loads(json.dumps(template.rules)))
    again = replace(template, rules=rules).styled(graph())
    assert again.styles == template.styled(graph()).styles
