"""Drawing, as somebody asks for it in a cell: what is shown in a list, and what is refused."""

import pytest

import nbgrad as ng


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
