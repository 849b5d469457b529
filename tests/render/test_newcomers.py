"""What somebody sees who draws for the first time, and mistypes."""

import pytest
import traces

import nbgrad as ng
from nbgrad.render.drawing import Drawing
from nbgrad.render.scene.number_format import short


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


def test_the_two_operands_of_a_square_have_two_derivatives(squared):
    texts = [look.text for look in ng.draw(*squared).picture.looks.values()]
    assert [text for text in texts if "∂" in text] == ["∂₁f/∂x = x = 3", "∂₂f/∂x = x = 3"]


@pytest.mark.parametrize(
    "options", [{"theme": "drak"}, {"detail": "al"}, {"layout": "tap"}, {"open": ["fg"]}]
)
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
    with pytest.raises(TypeError, match="not the text 'f'"):
        ng.draw("f", x)
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


def test_a_cell_has_room_for_four_digits_of_a_small_negative_number():
    assert short(-1.863e-6) == "−1.863e−6"
    with ng.Graph().as_default():
        v = ng.Variable([-1.863e-6, 1.0], name="v")
        looks = ng.draw(ng.reduce_sum(v), v).picture.looks
    assert "−1.863e−6" in {look.text for look in looks.values()}


def test_zero_times_nan_is_not_said_to_be_zero():
    with ng.Graph().as_default():
        z = ng.Variable(0.0, name="z")
        root = ng.sqrt(z - 2.0, name="h")
        g = ng.where(ng.greater(z, 1.0), root, z * 2.0, name="g")
        words = ng.draw(g, z).description
    assert "= 0, because nothing arrived, through h" in words
    assert "0 · NaN" not in words


def test_a_legend_explains_what_is_there_and_nothing_else(squared):
    def named(drawing):
        return {each for each in ("negative", "tie") if f"legend.{each}" in ids(drawing)}

    def ids(drawing):
        return drawing.scene.ids

    f, x = squared
    assert named(ng.draw(f, x)) == set()
    assert named(ng.draw(f, x, layout="mirror")) == {"tie"}
    assert {"legend.stop", "legend.none"} <= ids(ng.draw(f, x))


@pytest.mark.parametrize("theme", ["dark", "light", "auto"])
def test_a_saved_page_is_painted_to_its_edges(tmp_path, theme):
    path = Drawing.of(traces.textbook(), theme=theme).save(tmp_path / "f.html")
    assert "body{background:" in path.read_text("utf-8")


def test_one_element_is_written_as_a_number():
    with ng.Graph().as_default():
        a, b = (ng.Variable([[v]], name=n) for v, n in ((3.0, "a"), (4.0, "b")))
        looks = ng.draw(ng.matmul(a, b, name="c"), [a, b]).picture.looks
    chips = [look.text for key, look in looks.items() if key.endswith(".contribution")]
    assert chips
    assert all("[1×1]" not in text and "=" in text for text in chips)
