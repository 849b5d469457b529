"""The explorer without a browser: controls in, trace and patch out."""

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.picture.style import difference


@pytest.fixture
def lesson():
    """x, y, the steps and f = x²y + y + 2, in a graph that is not the default one."""
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        y = ng.Variable(4.0, name="y")
        a = ng.multiply(x, x, name="a")
        b = ng.multiply(a, y, name="b")
        f = ng.add(b, ng.add(y, 2.0, name="c"), name="f")
    return x, y, a, b, f


@pytest.fixture
def explorer(lesson):
    x, y, _, _, f = lesson
    return ng.explore(f, [x, y])


def adjoints(explorer):
    found = (explorer.trace.node(x).adjoint.value for x in explorer.trace.xs)
    return [None if value is None else value.array.tolist() for value in found]


def test_it_begins_with_the_whole_picture(explorer):
    assert adjoints(explorer) == [24, 10]
    assert explorer.step == explorer.steps + 1 == 15
    assert explorer.code == "nbgrad.gradients(f, [x, y])  →  [24.0, 10.0]"
    assert explorer.message == ""


def test_an_input_moves_every_adjoint(lesson, explorer):
    x = lesson[0]
    explorer.value[x] = 5.0
    assert adjoints(explorer) == [40, 26]
    assert explorer.value[x] == 5
    assert explorer.value["y"] == 4
    assert explorer.value[x].dtype == np.float32


def test_what_a_page_sets_counts_the_same(explorer):
    explorer.inputs = {"x": ["5"], "y": [4]}
    assert adjoints(explorer) == [40, 26]


def test_a_seed_is_an_element_of_grad_ys(lesson, explorer):
    explorer.seed(lesson[-1], 2.0)
    assert adjoints(explorer) == [48, 20]
    assert "grad_ys=[2.0]" in explorer.code


def test_a_stop_cuts_and_can_be_lifted(lesson, explorer):
    a = lesson[2]
    explorer.stop(a)
    assert adjoints(explorer) == [None, 10]
    assert "stop_gradients=[a]" in explorer.code
    assert "a is stopped" in explorer.panel
    explorer.stop("a", on=False)
    assert adjoints(explorer) == [24, 10]


def test_moving_every_control_leaves_the_graph_as_it_was(lesson, explorer):
    x, _, a, b, f = lesson
    before = len(f.graph.get_operations())
    for k in range(20):
        explorer.value[x] = k / 10
        explorer.seed(f, k / 7)
        explorer.stop([a, b][k % 2], on=k % 3 == 0)
        explorer.seek(k % explorer.steps)
    assert len(f.graph.get_operations()) == before


def test_bad_input_is_reported_and_the_last_picture_stays(explorer):
    before = (explorer.patch, explorer.code, explorer.trace)
    explorer.inputs = {"x": ["three"], "y": [4]}
    assert explorer.message == "could not convert string to float: 'three' in x"
    assert (explorer.patch, explorer.code, explorer.trace) == before
    explorer.inputs = {"x": [5], "y": [4]}
    assert explorer.message == ""
    assert adjoints(explorer) == [40, 26]


def test_bad_input_from_python_raises_and_changes_nothing(lesson, explorer):
    x, _, a, *_ = lesson
    with pytest.raises(ValueError, match="could not convert string to float"):
        explorer.value[x] = "three"
    with pytest.raises(ValueError, match="Cannot feed value of shape"):
        explorer.value[x] = [1.0, 2.0]
    with pytest.raises(KeyError, match=r"'a' cannot be moved\. Inputs are: x, y"):
        explorer.value[a] = 1.0
    with pytest.raises(KeyError, match="'q' is not on this picture"):
        explorer.stop("q")
    assert adjoints(explorer) == [24, 10]
    assert explorer.message == ""


def test_infinity_is_a_number_too(lesson, explorer):
    explorer.value[lesson[0]] = float("inf")
    assert explorer.inputs["x"] == ["inf"]
    assert explorer.trace.node("x").adjoint.state == "not finite"
    assert explorer.message == ""


def test_the_patch_leads_from_the_painted_picture_to_now(lesson, explorer):
    explorer.value[lesson[0]] = 7.0
    explorer.stop(lesson[2])
    explorer.value[lesson[0]] = 8.0
    display = explorer._display
    assert explorer.patch == difference(display.scene.painted, display.drawing.styled)
    explorer.stop(lesson[2], on=False)
    explorer.value[lesson[0]] = 3.0
    assert explorer.patch == {}


def test_a_step_is_described_in_words(explorer):
    explorer.seek(1)
    assert "a = x · x" in explorer.panel
    assert explorer.summary == "a = x · x = 3 · 3 = 9"
    explorer.seek(-1)
    assert explorer.step == explorer.steps + 1
    with pytest.raises(IndexError, match="14 steps; there is no step 16"):
        explorer.seek(16)


def test_all_steps_stay_all_of_them_whatever_is_stopped(lesson, explorer):
    explorer.stop(lesson[2])
    assert explorer.step == explorer.steps + 1 == 13
    explorer.stop(lesson[2], on=False)
    assert explorer.step == explorer.steps + 1 == 15
    explorer.seek(4)
    explorer.stop(lesson[2])
    assert explorer.step == 4


def test_a_placeholder_begins_with_what_is_fed_or_with_ones():
    with ng.Graph().as_default():
        p = ng.placeholder(ng.float32, [2], name="p")
        q = ng.placeholder(ng.float32, name="q")
        explorer = ng.explore(p * q, feed_dict={p: [3.0, 4.0]})
    assert explorer.value[p].tolist() == [3, 4]
    assert explorer.value[q] == 1
    assert adjoints(explorer) == [[1, 1], 7]


def test_cells_of_a_small_array_have_fields_and_a_large_one_has_none():
    with ng.Graph().as_default():
        w = ng.Variable(np.ones((2, 3), np.float32), name="w")
        v = ng.Variable(np.ones((40, 40), np.float32), name="v")
        explorer = ng.explore(ng.reduce_sum(w * w) + ng.reduce_sum(v), [w, v])
    assert [field["key"] for field in explorer.fields if field["kind"] == "input"] == ["w"]
    explorer.value[w] = [[1, 2, 3], [4, 5, 6]]
    assert adjoints(explorer)[0] == [[2, 4, 6], [8, 10, 12]]
    explorer.value[v] = np.full((40, 40), 2)
    assert explorer.trace.nodes[-1].value.array == 91 + 3200


def test_a_random_initial_value_is_drawn_once():
    with ng.Graph().as_default():
        w = ng.Variable(ng.random_normal([2]), name="w")
        noise = ng.random_normal([2], name="noise")
        explorer = ng.explore(ng.reduce_sum(w * w * noise), w)
    start, gradient = explorer.value[w].tolist(), adjoints(explorer)
    explorer.stop(w)
    explorer.stop(w, on=False)
    explorer.value["w"] = start
    assert explorer.value[w].tolist() == start
    assert adjoints(explorer) == gradient


def test_a_session_s_values_are_where_it_begins(lesson):
    x, y, *_, f = lesson
    with ng.Session(graph=f.graph) as session:
        session.run([x.initializer, y.initializer])
        session.run(x.assign(10.0))
        explorer = ng.explore(f, [x, y], session=session)
        assert explorer.value[x] == 10
        explorer.value[x] = 5.0
        assert session.run(x) == 10


def test_it_can_be_built_into_other_widgets_and_observed(explorer):
    import ipywidgets

    heard = []
    explorer.observe(lambda change: heard.append(change["new"]), "code")
    ipywidgets.HBox([explorer])
    explorer.value["x"] = 5.0
    assert heard == ["nbgrad.gradients(f, [x, y])  →  [40.0, 26.0]"]


def test_the_seeds_and_stops_it_is_given_are_where_it_begins(lesson):
    x, y, a, _, f = lesson
    explorer = ng.explore(f, [x, y], grad_ys=[2.0], stop_gradients=[a])
    assert adjoints(explorer) == [None, 20]
    assert explorer.seeds == {"f": [2]}


def test_a_static_explorer_is_an_inline_picture(explorer, monkeypatch):
    live, _ = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in live
    ng.config(static=True)
    try:
        shown = explorer._repr_mimebundle_()
    finally:
        ng.config(static=None)
    assert shown.keys() == {"text/html", "text/plain"}
    assert "<svg" in shown["text/html"]
    monkeypatch.setenv("NBGRAD_STATIC", "1")
    assert "<svg" in explorer._repr_mimebundle_()["text/html"]


def test_it_saves_a_page_that_needs_nothing_else(explorer, tmp_path):
    explorer.seek(3)
    text = explorer.save(tmp_path / "lesson.html").read_text(encoding="utf-8")
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
    assert explorer.save(tmp_path / "lesson.svg").read_text(encoding="utf-8").startswith("<svg")
