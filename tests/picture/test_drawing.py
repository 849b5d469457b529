"""A drawing shows itself, saves itself, takes other numbers, and refuses what is mistyped."""

import json
from dataclasses import replace

import named
import pytest
import traces

import nbgrad as ng
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.theme import SMALL, text_width
from nbgrad.trace.model import Trace


def test_a_notebook_gets_html_and_words():
    bundle = Drawing.of(traces.textbook())._repr_mimebundle_()
    assert bundle.keys() == {"text/html", "text/plain"}
    assert bundle["text/html"].startswith('<div class="nbgrad"')
    assert bundle["text/plain"].startswith("f = b + c = 42")


@pytest.mark.parametrize("ending", ["svg", "html", "png", "pdf", "txt", "json"])
def test_it_saves_itself_in_every_form(tmp_path, ending):
    path = Drawing.of(traces.textbook()).save(tmp_path / f"f.{ending}")
    assert path.stat().st_size > 100


def test_the_json_is_the_trace(tmp_path):
    path = Drawing.of(traces.textbook()).save(tmp_path / "f.json")
    assert Trace.from_dict(json.loads(path.read_text("utf-8"))) == traces.textbook()


@pytest.mark.parametrize("name", ["f.gif", "f", "f.svgz"])
def test_an_unknown_ending_is_refused_with_those_there_are(tmp_path, name):
    with pytest.raises(ValueError, match=r"\.svg .*\.json"):
        Drawing.of(traces.textbook()).save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_step_that_there_is_not_is_refused():
    with pytest.raises(IndexError, match="14 steps"):
        Drawing.of(traces.textbook()).at(15)
    assert Drawing.of(traces.textbook()).at(-1).k == 14


def test_repainting_keeps_the_places():
    drawing = Drawing.of(traces.textbook())
    other = replace(drawing, trace=traces.textbook(x=1e9))
    assert other.scene == drawing.scene
    assert "1e18" in other.svg()


def test_the_legend_is_of_what_the_numbers_have():
    stopped = replace(Drawing.of(traces.textbook()), trace=traces.textbook(stop="a"))
    assert stopped.scene == Drawing.of(traces.textbook(stop="a")).scene
    assert "legend.stop" in stopped.scene.ids


def test_it_can_do_without_a_legend():
    with_legend, without = (Drawing.of(traces.textbook(), legend=each) for each in (True, False))
    assert without.scene.height < with_legend.scene.height
    assert "legend" not in without.svg()


def test_nothing_heavy_is_imported_before_it_is_needed():
    import subprocess
    import sys

    code = (
        "import sys, nbgrad.picture.drawing\n"
        "heavy = {'matplotlib', 'ipywidgets'} & sys.modules.keys()\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("layout", "width", "explained"),
    [
        ("overlay", 878, {"forward", "reverse", "local", "tray", "seed"}),
        ("overlay", 360, {"forward", "reverse", "seed"}),
        ("mirror", 878, {"forward", "reverse", "factor", "tray", "seed"}),
        ("tape", 878, {"local"}),
        ("paths", 878, {"reverse", "local", "tray", "seed"}),
    ],
)
def test_a_legend_explains_what_is_there_and_nothing_else(layout, width, explained):
    drawing = Drawing.of(traces.textbook(), layout=layout, width=width)
    words = {key.split(".")[1] for key in drawing.scene.ids if key.startswith("legend.")}
    assert words == explained


def test_a_legend_says_what_a_dash_in_a_map_is():
    network = named.traced(named.NAMED["2-layer network"])
    assert {"legend.negative", "legend.strength.words"} <= Drawing.of(network).scene.ids


def test_a_legend_explains_the_signs_of_causes_where_they_occur():
    causes = named.traced(named.NAMED["each cause of None"])
    signs = {"legend.stop", "legend.none", "legend.integer", "legend.stopped", "legend.no-path"}
    assert signs <= Drawing.of(causes).scene.ids
    assert signs.isdisjoint(Drawing.of(traces.textbook()).scene.ids)


def test_a_live_picture_and_a_film_have_no_legend():
    drawing = Drawing.of(traces.textbook())
    bare = Drawing.of(traces.textbook(), legend=False)
    assert bare.scene == drawing.film().styled.scene
    assert not any(key.startswith("legend") for key in bare.scene.ids)


@pytest.mark.parametrize("theme", ["dark", "light", "auto"])
def test_a_saved_page_is_painted_to_its_edges(tmp_path, theme):
    path = Drawing.of(traces.textbook(), theme=theme).save(tmp_path / "f.html")
    assert "body{background:" in path.read_text("utf-8")


# The verb --------------------------------------------------------------------------------------


@pytest.fixture
def squared():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        yield ng.multiply(x, x, name="f"), x


def test_in_a_list_a_picture_is_one_line(squared):
    drawing = ng.draw(*squared)
    assert str([drawing]) == "[<Drawing of f = x · x = 9; df/dx = 6>]"
    others = [drawing.film(), drawing.cell("f", ()), ng.compare(*squared), ng.explain(*squared)]
    for shown in (*others, ng.check_gradient(*squared), ng.plot_losses([1.0, 2.0])):
        assert repr(shown).startswith(f"<{type(shown).__name__} of ")
        assert len(repr(shown)) < 130


@pytest.mark.parametrize("options", [{"theme": "drak"}, {"layout": "tap"}, {"open": ["fg"]}])
def test_a_mistyped_option_is_answered_with_what_there_is(squared, options):
    with pytest.raises(ValueError, match=r"Did you mean .*\nPossible values: "):
        ng.draw(*squared, **options)


def test_a_lane_that_there_is_not_is_refused(squared):
    with pytest.raises(ValueError, match="'value', 'adjoint'"):
        ng.draw(*squared).cell("x", (), "valeu")


def test_what_cannot_be_drawn_is_refused_in_a_sentence(squared):
    f, x = squared
    with pytest.raises(ValueError, match="nothing to draw"):
        ng.draw([], x)
    with pytest.raises(TypeError, match="not a trace"):
        ng.draw(ng.trace(f, x))
    with pytest.raises(ValueError, match="at least one step"):
        ng.draw(f, x).film([])
    with pytest.raises(ValueError, match="no losses"):
        ng.plot_losses([])
    with pytest.raises(TypeError, match="is a dictionary"):
        ng.plot_contours(f, [x, x], ng.train.AdamOptimizer())
    with pytest.raises(TypeError, match="pair of numbers"):
        ng.plot_curve(f, x, span=3)


@pytest.mark.parametrize("value", [-1.2345e-101, -1.2345e-11, -0.0012345, -1.2345e11, -12345.6])
def test_long_labels_leave_room_for_long_numbers(value):
    with ng.Graph().as_default():
        x = ng.Variable(value, dtype=ng.float64, name="weights_of_the_first_hidden_layer")
        k = ng.constant(value, ng.float64, name="a_very_long_constant")
        drawing = ng.draw(ng.multiply(x, k, name="regularised_cross_entropy"), x)
    texts = {each.id: each for each in drawing.scene.elements() if hasattr(each, "x")}
    styles = drawing.styled.styles
    for node in ("n0", "n2"):
        label, number = texts[f"{node}.adjoint.label"], texts[f"{node}.adjoint"]
        end = label.x + text_width(styles[label.id].text, SMALL)
        assert end < number.x - text_width(styles[number.id].text, SMALL, bold=True)
