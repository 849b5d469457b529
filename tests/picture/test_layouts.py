"""Four layouts, one state: each shows the same numbers, step by step, in every form."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import named
import pytest
import real_losses
import traces
from changes import difference
from page import SVG, applied, as_elements
from test_matplotlib import shown_in_figure, shown_in_svg

import nbgrad as ng
from nbgrad.picture import layouts as placed
from nbgrad.picture.drawing import LAYOUTS, Drawing
from nbgrad.picture.output import pill
from nbgrad.picture.scene import Group, Rule
from nbgrad.trace.numbers import short

GRAPHS = {
    "textbook": traces.textbook,
    "two outputs": traces.two_outputs,
    "matrices": traces.matrices,
    "states": traces.states,
    "stopped": lambda: traces.textbook(stop="a"),
    "chain": traces.chain,
    "network": traces.network,
    "large": traces.large,
}
every_layout = pytest.mark.parametrize("layout", LAYOUTS)
every_graph = pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS.keys())
small_graph = pytest.mark.parametrize(
    "graph",
    [GRAPHS["textbook"], GRAPHS["matrices"], GRAPHS["stopped"]],
    ids=["textbook", "matrices", "stopped"],
)


def numbers_shown(picture, k=10**6):
    """What is to be seen of each value and each adjoint."""
    return {
        key: style.text
        for key, style in picture.styles.items()
        if re.fullmatch(r"n\d+\.(value|adjoint)(\.\d+)?", key) and style.strength(k) > 0
    }


@every_layout
@every_graph
def test_every_layout_shows_the_same_values_and_adjoints(layout, graph):
    overlay = numbers_shown(Drawing.of(graph()).styled)
    shown = numbers_shown(Drawing.of(graph(), layout=layout).styled)
    assert {key: text for key, text in shown.items() if key in overlay} == overlay


@every_layout
def test_every_layout_shows_the_same_after_every_step(layout):
    overlay = Drawing.of(traces.textbook()).styled
    picture = Drawing.of(traces.textbook(), layout=layout).styled
    for k in range(overlay.steps + 1):
        expected = numbers_shown(overlay, k)
        assert {k: t for k, t in numbers_shown(picture, k).items() if k in expected} == expected


@every_layout
@every_graph
def test_ids_are_unique_and_every_look_belongs_to_an_element(layout, graph):
    picture = Drawing.of(graph(), layout=layout).styled
    ids = [element.id for element in picture.scene.elements()]
    assert len(ids) == len(set(ids))
    assert picture.styles.keys() <= set(ids)


@every_layout
@every_graph
def test_nothing_that_has_no_look_is_without_a_class(layout, graph):
    picture = Drawing.of(graph(), layout=layout).styled
    bare = [
        element.id
        for element in picture.scene.elements()
        if element.id not in picture.styles
        and not isinstance(element, Group)
        and not element.classes
    ]
    assert bare == []


@every_layout
@pytest.mark.parametrize("state", [traces.textbook(stop="a"), traces.textbook(seed=0.0)], ids=str)
def test_the_difference_turns_one_picture_into_another(layout, state):
    first = Drawing.of(traces.textbook(), layout=layout, legend=False)
    second = replace(first, trace=state)
    assert second.scene is first.scene
    patch = difference(first.styled, second.styled)
    assert applied(patch, first.svg()) == as_elements(second.svg())


@every_layout
@pytest.mark.parametrize("size", [1e-9, 0.0, -7.25, 1e12])
def test_no_number_moves_anything(layout, size):
    here = Drawing.of(traces.extreme(size), layout=layout, legend=False).scene
    assert here == Drawing.of(traces.textbook(), layout=layout, legend=False).scene


@every_layout
@small_graph
def test_the_figure_shows_the_texts_of_the_svg(layout, graph):
    drawing = Drawing.of(graph(), layout=layout)
    assert shown_in_figure(drawing) == shown_in_svg(drawing)
    assert shown_in_figure(drawing.at(6)) == shown_in_svg(drawing.at(6))


@every_layout
@pytest.mark.parametrize("ending", ["svg", "html", "tex", "txt", "json", "png", "pdf"])
def test_files_are_the_same_to_the_byte(layout, ending, tmp_path):
    files = [
        Drawing.of(traces.matrices(), layout=layout).save(tmp_path / f"{n}.{ending}").read_bytes()
        for n in (1, 2)
    ]
    assert files[0] == files[1]


@every_layout
@every_graph
def test_no_text_is_outside_of_the_picture(layout, graph):
    scene = Drawing.of(graph(), layout=layout).scene
    for element in scene.elements():
        if hasattr(element, "x"):
            assert 0 <= element.x <= scene.width, element
            assert 0 <= element.y <= scene.height, element


@every_layout
@every_graph
@pytest.mark.parametrize("width", [878, 640, 360])
def test_a_picture_is_as_wide_as_was_asked_for_or_less(layout, graph, width):
    assert round(Drawing.of(graph(), layout=layout, width=width).scene.width) <= width


@every_layout
@every_graph
@pytest.mark.parametrize("width", [878, 360])
def test_rules_survive_json(layout, graph, width):
    drawing = Drawing.of(graph(), layout=layout, width=width)
    rules = json.loads(json.dumps(drawing.template.rules))
    again = replace(drawing.template, rules=tuple(Rule(*rule) for rule in rules))
    assert again.styled(drawing.trace).styles == drawing.styled.styles


def test_a_layout_that_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="'overlay', 'mirror', 'tape', 'paths'"):
        Drawing.of(traces.textbook(), layout="spiral")


# The mirror ------------------------------------------------------------------------------------


@pytest.mark.parametrize("graph", [traces.textbook, traces.matrices, traces.network])
def test_both_halves_of_the_mirror_have_the_same_columns(graph):
    boxes = {e.id: e for e in Drawing.of(graph(), layout="mirror").scene.elements()}
    lower = [key for key in boxes if key.endswith(".back.body")]
    assert lower
    for key in lower:
        above = boxes[key.replace(".back", "")]
        assert (boxes[key].x, boxes[key].width) == (above.x, above.width)
        assert boxes[key].y > above.y


@pytest.mark.parametrize("graph", [traces.textbook, traces.matrices, traces.network])
def test_a_narrow_mirror_has_one_card_a_row_and_its_reverse_pass_below(graph):
    scene = Drawing.of(graph(), layout="mirror", width=360).scene
    tops = {e.id.removesuffix(".body"): e.y for e in scene.elements() if e.id.endswith(".body")}
    back = {key: y for key, y in tops.items() if key.endswith(".back")}
    assert len({*tops.values()}) == len(tops)
    assert max(y for key, y in tops.items() if key not in back) < min(back.values())


def test_what_multiplies_stands_beside_the_arrows_of_the_reverse_pass():
    styles = Drawing.of(traces.textbook(), layout="mirror").styled.styles
    captions = {key: style.text for key, style in styles.items() if key.endswith(".local")}
    assert captions == {
        "e2.0.local": "× x = 3",
        "e2.1.local": "× x = 3",
        "e3.0.local": "× y = 4",
        "e3.1.local": "× a = 9",
        "e5.0.local": "× 1",
        "e6.0.local": "× 1",
        "e6.1.local": "× 1",
    }


# The tape --------------------------------------------------------------------------------------


def test_the_tape_reads_forward_downwards_and_then_backwards():
    root = ET.fromstring(Drawing.of(traces.textbook(), layout="tape").svg())
    cards = [g.get("data-id") for g in root.iter(f"{SVG}g") if g.get("data-node")]
    forward = [key for key in cards if not key.endswith(".back")]
    back = [key for key in cards if key.endswith(".back")]
    assert forward == [f"n{n}" for n in (0, 1, 2, 3, 5, 6)]  # n4 is a number in an expression
    assert back == [f"n{n}.back" for n in (6, 5, 3, 2, 1, 0)]
    assert cards == forward + back


def test_the_terms_of_the_tape_are_written_out():
    styles = Drawing.of(traces.textbook(), layout="tape").styled.styles
    assert styles["e3.0.local"].text == "df/db · ∂b/∂a"
    assert styles["e3.0.inbox"].text == "1 · 4 = 4"


@pytest.mark.parametrize("width", [878, 640, 360])
def test_a_narrow_tape_has_its_reverse_pass_below_and_reads_it_downwards(width):
    scene = Drawing.of(traces.textbook(), layout="tape", width=width).scene
    heights = {e.id: e.y for e in scene.elements() if e.id.endswith((".name", ".adjoint.label"))}
    is_below = heights["n6.adjoint.label"] > heights["n6.name"]
    assert is_below == (width == 360)
    assert (heights["n6.adjoint.label"] < heights["n0.adjoint.label"]) == is_below
    assert scene.width <= width


def test_the_cursor_of_the_tape_is_before_one_row():
    picture = Drawing.of(traces.textbook(), layout="tape").styled
    cursors = [style for key, style in picture.styles.items() if ".cursor." in key]
    for k in range(1, picture.steps + 1):
        assert sum(style.strength(k) > 0 for style in cursors) == 1
    assert not any(style.strength(picture.steps + 1) > 0 for style in cursors)


# The paths -------------------------------------------------------------------------------------


def test_the_products_of_the_ribbons_add_up_to_the_adjoint():
    trace = traces.textbook(1.5, -2.0)
    styles = Drawing.of(trace, layout="paths").styled.styles
    products = [styles[f"path.{n}.product"].text for n in (1, 2, 3, 4)]
    assert products == ["−3", "−3", "2.25", "1"]
    for key, total in (("n0", -6.0), ("n1", 3.25)):
        assert styles[f"{key}.paths.sum"].text == short(total)


def test_a_ribbon_that_is_cut_says_where():
    styles = Drawing.of(traces.textbook(stop="a"), layout="paths").styled.styles
    assert "cut" in styles["e2.0.path.1"].classes
    assert styles["path.1.numbers"].text == "nothing passes from a to x: stopped"
    assert styles["n0.paths.sum"].text == "None"


def test_paths_that_are_too_many_are_counted():
    with ng.Graph().as_default():
        x = y = ng.Variable(1.0, name="x")
        for n in range(10):
            y = ng.add(y, y, name=f"h{n}")
        picture = ng.draw(y, x, layout="paths", open="all").styled
    texts = [getattr(element, "text", "") for element in picture.scene.elements()]
    assert "x: 1,024 paths, too many to draw" in texts
    assert texts.count("512 paths") == 20


def test_the_products_of_a_small_graph_are_inside_of_the_picture():
    with ng.Graph().as_default():
        x = ng.Variable(2.0, name="the_first_input")
        drawing = ng.draw(ng.square(x, name="square_of_it"), x, layout="paths")
    ends = re.compile(r"path\.\d+\.product|n\d+\.paths\.sum")
    chips = [element for element in drawing.scene.elements() if ends.fullmatch(element.id)]
    assert chips
    for chip in chips:
        left, _, width, _ = pill(chip, drawing.styled.style_of(chip))
        assert left + width <= drawing.scene.width


@pytest.mark.parametrize("layout", ["overlay", "mirror", "tape"])
def test_on_rails_what_never_has_a_gradient_has_no_place_for_it(layout):
    scene = Drawing.of(real_losses.trace_of("logistic_regression"), layout=layout, width=360).scene
    assert {"n0.value.map", "n1.value.map"} <= scene.ids
    assert not any(key.startswith(("n0.adjoint", "n1.adjoint")) for key in scene.ids)


@pytest.mark.parametrize("layout", ["mirror", "paths", "tape"])
def test_a_gated_cell_is_unrolled_within_the_width_that_was_asked_for(layout):
    with ng.Graph().as_default():
        cell = ng.nn.rnn_cell.GRUCell(5)
        _, state = ng.nn.dynamic_rnn(cell, ng.ones([2, 4, 3]), dtype=ng.float32)
        trace = ng.trace(ng.reduce_mean(state**2), ng.trainable_variables())
    assert Drawing.of(trace, layout=layout, width=360).scene.width == 360


@pytest.mark.parametrize("width", [878, 360])
@pytest.mark.parametrize("name", ["neuron", "2-layer network", "recurrent cell"])
def test_no_term_of_the_tape_is_a_lone_factor(name, width):
    trace = named.traced(named.NAMED[name])
    drawing = Drawing.of(trace, layout="tape", width=width)
    texts = [style.text for key, style in drawing.styled.styles.items() if key.endswith(".local")]
    assert not [text for text in texts if text.startswith("∂")]


@every_layout
def test_what_rules_say_of_a_card_does_not_grow_with_the_picture(layout):
    def length(name):
        trace = named.traced(named.NAMED[name])
        rules = placed.LAYOUTS[layout](trace, 878, "all").rules
        return len(json.dumps(rules)) / len(trace.nodes)

    assert length("300 nodes") < 1.3 * length("60 nodes")
