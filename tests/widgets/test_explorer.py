"""The explorer without a browser: what it shares with the page, and what Python is told."""

import json
import re
import sys

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.widgets.explorer import PAGES_KEPT, VIEWS_KEPT
from tests.page.explorer_page import deep


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


@pytest.fixture
def sent(explorer, monkeypatch):
    """The names of the traits that are sent to the page."""
    names = set()

    def send(key):
        names.update([key] if isinstance(key, str) else key)

    monkeypatch.setattr(explorer, "send_state", send)
    return names


def adjoints(explorer):
    found = (explorer.trace.node(x).adjoint.value for x in explorer.trace.xs)
    return [None if value is None else value.array.tolist() for value in found]


def test_it_begins_with_the_whole_picture(explorer):
    assert adjoints(explorer) == [24, 10]
    assert explorer.step == explorer.steps + 1 == 15
    assert explorer.code.endswith("# → [24.0, 10.0]")
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
    assert "stop_gradients=" in explorer.code
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


def test_bad_input_is_reported_and_the_last_good_number_counts(explorer):
    explorer.inputs = {"x": ["three"], "y": [5]}
    assert explorer.message == "“three” is no number; x stays 3"
    assert explorer.wrong == "x"
    assert adjoints(explorer) == [30, 10]
    explorer.inputs = {"x": [5], "y": [4]}
    assert explorer.message == explorer.wrong == ""
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


def test_nothing_is_computed_or_sent_when_the_page_moves_a_number(explorer, sent):
    explorer.set_state({"inputs": {"x": [5], "y": [4]}})
    explorer.set_state({"stopped": [explorer._model.ids("a")[0]], "step": 13})
    assert "trace" not in vars(explorer._shown)
    assert sent <= {"inputs", "stopped", "step"}
    assert adjoints(explorer) == [None, 26]
    assert explorer.trace is explorer.trace


def test_a_step_can_be_chosen(explorer):
    explorer.seek(1)
    assert explorer.step == explorer.drawing.k == 1
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


def test_a_small_array_has_entries_and_a_large_one_is_shared_as_an_array():
    with ng.Graph().as_default():
        w = ng.Variable(np.ones((2, 3), np.float32), name="w")
        v = ng.Variable(np.ones((40, 40), np.float32), name="v")
        explorer = ng.explore(ng.reduce_sum(w * w) + ng.reduce_sum(v), [w, v])
    assert explorer.inputs == {"w": [1] * 6}
    explorer.value[w] = [[1, 2, 3], [4, 5, 6]]
    assert adjoints(explorer)[0] == [[2, 4, 6], [8, 10, 12]]
    assert explorer.arrays == {}
    explorer.value[v] = np.full((40, 40), 2)
    assert explorer.trace.nodes[-1].value.array == 91 + 3200
    assert explorer.arrays["v"]["shape"] == [40, 40]


def test_a_large_seed_has_one_entry_or_is_an_array():
    with ng.Graph().as_default():
        v = ng.Variable(np.ones((40, 40), np.float32), name="v")
        explorer = ng.explore(ng.multiply(v, 2.0, name="f"), v)
    assert explorer.seeds == {"f": [1]}
    explorer.seeds = {"f": [3]}
    assert (explorer.trace.node("v").adjoint.value.array == 6).all()
    explorer.seed("f", np.eye(40))
    assert explorer.seeds == {}
    assert (explorer.trace.node("v").adjoint.value.array == 2 * np.eye(40)).all()
    explorer.seed("f", 1)
    assert explorer.seeds == {"f": [1]}
    assert (explorer.trace.node("v").adjoint.value.array == 2).all()


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


def test_a_session_that_is_entered_later_is_not_asked(lesson, explorer):
    with ng.Graph().as_default(), ng.Session():
        explorer.value["x"] = 5.0
        assert explorer.trace.node("x").adjoint.value.array == 40


def test_it_can_be_built_into_other_widgets_and_observed(explorer):
    import ipywidgets

    heard = []
    explorer.observe(lambda change: heard.append(change["new"]["x"]), "inputs")
    ipywidgets.HBox([explorer])
    explorer.value["x"] = 5.0
    explorer.set_state({"inputs": {"x": [6], "y": [4]}})
    assert heard == [[5], [6]]


def test_the_seeds_and_stops_it_is_given_are_where_it_begins(lesson):
    x, y, a, _, f = lesson
    explorer = ng.explore(f, [x, y], grad_ys=[2.0], stop_gradients=[a])
    assert adjoints(explorer) == [None, 20]
    assert explorer.seeds == {"f": [2]}


def test_a_static_explorer_is_an_inline_picture(explorer, monkeypatch):
    live = explorer._repr_mimebundle_()
    assert WIDGET in live
    ng.config(static=True)
    try:
        shown = explorer._repr_mimebundle_()
    finally:
        ng.config(static=None)
    assert shown.keys() == {"text/html", "text/plain"}
    assert "<svg" in shown["text/html"]
    monkeypatch.setenv("NBGRAD_STATIC", "1")
    assert "<svg" in explorer._repr_mimebundle_()["text/html"]


WIDGET = "application/vnd.jupyter.widget-view+json"


def test_it_shows_itself_as_a_page_that_finds_the_widget(explorer, monkeypatch):
    shown = []
    monkeypatch.setattr("nbgrad.widgets.explorer.display", lambda data, raw: shown.append(data))
    for _ in range(2):
        explorer._ipython_display_()
    assert [[*data] for data in shown] == [["text/html", "text/plain"]] * 2
    text = "".join(data["text/html"] for data in shown)
    assert re.findall(r' data-explorer="([^"]+)"', text) == [explorer.model_id] * 2
    assert explorer.get_state()["name"] == explorer.model_id
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len({*ids}) == 2


def test_where_a_widget_is_made_with_its_view_there_is_a_choice(explorer, monkeypatch):
    shown = []
    monkeypatch.setattr("nbgrad.widgets.explorer.display", lambda data, raw: shown.append(data))
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    explorer._ipython_display_()
    assert [*shown[0]] == [WIDGET, "text/html", "text/plain"]


def test_it_saves_a_page_that_needs_nothing_else(explorer, tmp_path):
    explorer.seek(3)
    page = explorer.save(tmp_path / "lesson.html")
    text = page.read_text(encoding="utf-8")
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
    assert page.stat().st_size < 150_000
    assert explorer.save(tmp_path / "lesson.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_saved_page_has_the_usual_views(explorer):
    keys = {key.split(" [")[0] for key in explorer._page_state(every=True)["views"]}
    widths, layouts = ("878", "640", "360"), ("mirror", "tape", "paths")
    assert keys == {f"{width} overlay" for width in widths} | {f"878 {name}" for name in layouts}


# What the page asks ------------------------------------------------------------------------------


def want(explorer, **view):
    explorer._handle_custom_msg({"want": {"layout": "overlay", "opened": [], **view}}, [])


def test_the_page_is_given_the_view_that_it_wants(explorer):
    assert [*explorer.views] == ["878 overlay []"]
    want(explorer, width=360)
    want(explorer, width=878, layout="tape")
    assert [*explorer.views] == ["878 overlay []", "360 overlay []", "878 tape []"]
    view = explorer.views["360 overlay []"]
    assert view["size"][0] <= 360
    assert {rule[0] for rule in view["rules"]} <= {*re.findall('data-id="([^"]+)"', view["svg"])}
    json.dumps(explorer.views)


def test_a_view_that_cannot_be_is_told(explorer):
    want(explorer, width=360, opened=["layer"])
    assert explorer.message.startswith("ValueError: There is no scope or operation 'layer'")
    assert [*explorer.views] == ["878 overlay []"]


def test_only_some_views_stay_in_the_page(explorer):
    for width in range(600, 640):
        want(explorer, width=width)
    assert len(explorer.views) == VIEWS_KEPT
    assert "878 overlay []" in explorer.views
    assert "639 overlay []" in explorer.views


def test_python_lays_out_what_python_changes(explorer):
    explorer.layout_name = "tape"
    assert "878 tape []" in explorer.views
    explorer.layout_name = "circle"
    assert explorer.message.startswith("ValueError: There is no layout 'circle'")
    assert explorer.drawing.layout == "tape"


def test_what_is_to_be_found_is_hidden(lesson):
    explorer = ng.explore(lesson[-1], hide="adjoints")
    assert explorer.hidden == "adjoints"
    shown = explorer._repr_mimebundle_()
    html = re.sub("<style>.*?</style>", "", shown["text/html"], flags=re.DOTALL)
    still = html.partition("<script>")[0]
    assert {"9", "36", "42"} <= {*re.findall(">([^<>]+)<", still)}
    assert not {"24", "+12", "10"} & {*re.findall(">([^<>]+)<", still)}
    assert "24" not in shown["text/plain"]
    with pytest.raises(ValueError, match="There is no hide 'numbers'"):
        ng.explore(lesson[-1], hide="numbers")


def test_the_code_line_gives_nothing_away_of_what_is_to_be_predicted(lesson):
    x, y = lesson[:2]
    explorer = ng.explore(lesson[-1], [x, y], hide="adjoints")
    result = explorer.code.partition("# → ")[2]
    assert result == "[?, ?]"
    known = explorer.trace.node("x").adjoint.value.array
    explorer.answers = {
        "x": {"typed": f"{known}", "right": True},
        "y": {"typed": "?", "right": False},
    }
    assert explorer.code.endswith(f"# → [{float(known)}, ?]")
    explorer.hidden = ""
    assert "?" not in explorer.code


def test_once_all_that_an_overview_asks_is_found_so_is_the_rest():
    with ng.Graph().as_default():
        explorer = ng.explore(*deep(), hide="adjoints")
    assert "?" in explorer.code.partition("# → ")[2]
    view = next(iter(explorer.views.values()))
    asked = {rule[2] for rule in view["rules"] if rule[1] in ("adjoint", "block number")}
    asked |= {rule[2] for rule in view["rules"] if rule[1] == "map"}
    found = {node.label: node.adjoint.value for node in explorer.trace.nodes if node.id in asked}
    assert len(found) < len(explorer.trace.nodes)
    explorer.answers = {label: {"typed": "", "right": True} for label in found}
    assert "?" not in explorer.code.partition("# → ")[2]
    assert not explorer.drawing.hidden


def test_a_still_picture_does_not_give_away_what_is_hidden(lesson):
    explorer = ng.explore(lesson[-1], hide="adjoints")
    assert "To find: " in explorer.drawing.description
    assert explorer.drawing.hidden
    explorer.hidden = ""
    assert not explorer.drawing.hidden


# What the page cannot compute --------------------------------------------------------------------


@pytest.fixture
def foreign():
    """An explorer with an operation that has no kernel in the page."""
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        f = ng.real(ng.complex(x, x) * ng.complex(x, 2.0), name="f")
        return ng.explore(f, x)


def test_python_answers_each_move_of_what_the_page_cannot_compute(foreign):
    assert foreign.program is None
    assert foreign.message.startswith("The page cannot compute ")
    first = foreign.answer
    foreign.set_state({"inputs": {"x": [4]}})
    assert foreign.answer["trace"]["nodes"][0]["value"]["elements"] == [4]
    [key] = first["views"]
    assert foreign.answer["views"][key]["styles"] != first["views"][key]["styles"]
    assert key in foreign.views
    foreign.inputs = {"x": ["four"]}
    assert foreign.message == "“four” is no number; x stays 4"
    foreign.inputs = {"x": [4]}
    assert "each move asks Python" in foreign.message
    json.dumps(foreign.answer)


def test_each_page_of_an_explorer_that_python_computes_has_the_styles_of_its_own_view(foreign):
    want(foreign, width=640, page="a")
    want(foreign, width=360, page="b")
    assert {"640 overlay []", "360 overlay []"} <= {*foreign.answer["views"]}
    want(foreign, width=360, layout="tape", page="b")
    assert {"640 overlay []", "360 tape []"} <= {*foreign.answer["views"]}
    foreign.set_state({"inputs": {"x": [4]}})
    assert {"640 overlay []", "360 tape []"} <= {*foreign.answer["views"]}
    foreign.layout_name = "mirror"
    assert {"640 mirror []", "360 mirror []"} <= {*foreign.answer["views"]}
    for page in range(9):
        want(foreign, width=360, page=f"{page}")
    assert len(foreign._wanted) == PAGES_KEPT


def test_an_answer_has_no_large_array():
    with ng.Graph().as_default():
        x = ng.Variable(np.full([50, 50], 3.0), name="x")
        explorer = ng.explore(ng.reduce_sum(ng.real(ng.complex(x, x))), x)
    value = explorer.answer["trace"]["nodes"][0]["value"]
    assert value == {"dtype": "float64", "shape": [50, 50], "elements": []}
