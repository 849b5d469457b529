"""Plots show what the trace says, in the colours of the pictures."""

import logging
import re
from dataclasses import replace

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.picture.theme import THEMES


@pytest.fixture(autouse=True)
def graph():
    with ng.Graph().as_default() as graph:
        yield graph


@pytest.fixture(params=["curve", "contours", "losses", "classes", "errors"])
def plot(request):
    x, y = ng.Variable(1.0, name="x"), ng.Variable(2.0, name="y")
    f = ng.add(x * x, y * y * 0.5, name="f")
    match request.param:
        case "curve":
            return ng.plot_curve(f, x)
        case "contours":
            return ng.plot_contours(f, [x, y], {"plain": ng.train.GradientDescentOptimizer(0.1)})
        case "losses":
            return ng.plot_losses({"a": [3.0, 2.0, 1.0], "b": [3.0, 1.0, 0.5]}, log=True)
        case "classes":
            points = [[0.0, 0.0], [2.0, 1.0], [1.0, 3.0], [1.0, 1.0]]
            return ng.plot_classes(points, [0, 1, 2, 0], lambda at: at @ np.eye(2, 3))
    return ng.check_gradient(f, x).plot()


def test_the_tangent_has_the_slope_of_the_derivative():
    x = ng.Variable(3.0, name="x")
    chart = ng.plot_curve(ng.square(x, name="y"), x).chart
    assert (chart.at, chart.slope) == ((3.0, 9.0), 6.0)
    assert np.allclose(chart.y, chart.x**2)


def test_a_curve_may_be_of_a_placeholder():
    x = ng.placeholder(ng.float64, [], name="x")
    chart = ng.plot_curve(ng.sin(x), x, span=(0, 1), feed_dict={x: 0.5}).chart
    assert chart.slope == pytest.approx(np.cos(0.5))
    assert (chart.x[0], chart.x[-1]) == (0, 1)


def test_arrows_are_the_gradients():
    u, v = ng.Variable(1.0, name="u"), ng.Variable(2.0, name="v")
    x, _, dx, dy = ng.plot_contours(u * u + 3.0 * v, [u, v]).chart.arrows
    assert np.allclose(dx, 2 * x)
    assert np.allclose(dy, 3)


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: ng.train.GradientDescentOptimizer(0.1),
        lambda: ng.train.MomentumOptimizer(0.05, 0.9),
        lambda: ng.train.AdamOptimizer(0.2),
    ],
)
def test_a_descent_is_what_the_optimizer_does_in_a_session(optimizer):
    u, v = ng.Variable(1.0, name="u"), ng.Variable(-2.0, name="v")
    loss = ng.square(u) + ng.square(v - u)
    it = optimizer()
    train = it.minimize(loss)  # what it remembers of u and v, a plot does not take over
    way = ng.plot_contours(loss, [u, v], {"it": it}, steps=5).chart.descents["it"]
    with ng.Session() as session:
        session.run(ng.global_variables_initializer())
        expected = [session.run([u, v])]
        for _ in range(5):
            session.run(train)
            expected.append(session.run([u, v]))
    assert np.allclose(way, expected, atol=1e-5)


def test_plotting_leaves_nothing_behind(graph):
    u, v = ng.Variable(1.0, name="u"), ng.Variable(-2.0, name="v")
    optimizer = ng.train.MomentumOptimizer(0.1, 0.9)
    loss = u * u + v * v
    before = len(graph.get_operations()), len(ng.global_variables())
    ng.plot_contours(loss, [u, v], {"it": optimizer}, steps=3)
    assert (len(graph.get_operations()), len(ng.global_variables())) == before
    assert optimizer.variables() == []


def test_an_array_cannot_be_plotted_and_the_error_says_so():
    x = ng.Variable([1.0, 2.0], name="x")
    with pytest.raises(ValueError, match="A plot is of scalars"):
        ng.plot_curve(ng.reduce_sum(x), x)


def test_a_plot_describes_itself(plot):
    assert re.search(r"\d", plot.description)
    assert str(plot) == plot._repr_mimebundle_()["text/plain"] == plot.description


def test_in_a_notebook_every_colour_follows_the_page(plot):
    inside = re.sub(r"<style>.*?</style>", "", plot.html, count=1, flags=re.DOTALL)
    written = set(re.findall(r"#[0-9a-f]{6}\b", inside))
    assert "var(--nb-" in inside
    assert written <= {"#262626", "#000000"}, "no colour of a theme is fixed"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_are_those_of_the_roles(plot, theme):
    page = THEMES[theme]["page"].lower()
    allowed = {colour.lower() for colour in THEMES[theme].values()} | {"#262626", "#000000"}
    used = set(re.findall(r"#[0-9a-f]{6}\b", replace(plot, theme=theme).svg()))
    assert page in used
    assert used <= allowed


@pytest.mark.parametrize("ending", [".png", ".pdf", ".svg", ".html", ".txt"])
def test_a_plot_saves_itself_the_same_each_time(plot, tmp_path, ending):
    first = plot.save(tmp_path / f"a{ending}").read_bytes()
    assert first == plot.save(tmp_path / f"b{ending}").read_bytes()


def test_another_ending_is_refused(plot, tmp_path):
    with pytest.raises(ValueError, match=r"\.png \.pdf"):
        plot.save(tmp_path / "plot.doc")


def test_over_the_plane_each_x_moves_alone():
    a = ng.Variable(1.0, name="a")
    b = ng.multiply(2.0, a, name="b")
    x, y, dx, dy = ng.plot_contours(a * b, [a, b]).chart.arrows
    assert np.allclose(dx, y)
    assert np.allclose(dy, x)


def test_every_other_contour_says_how_high_it_is():
    u, v = ng.Variable(1.0, name="u"), ng.Variable(2.0, name="v")
    axes = ng.plot_contours(ng.add(u * u, v * v, name="f"), [u, v]).figure().axes[0]
    heights = [text.get_text() for text in axes.texts]
    assert len(heights) >= 3
    assert all(float(height) > 0 for height in heights)


def test_a_function_without_a_finite_value_is_refused_in_a_sentence():
    with ng.Graph().as_default():
        u, v = ng.Variable(0.0, name="u"), ng.Variable(0.0, name="v")
        y = ng.log(-1.0 - u * u - v * v, name="y")
        with pytest.raises(ValueError, match="nothing to plot: no value of y over u is finite"):
            ng.plot_curve(y, u)
        with pytest.raises(ValueError, match="no value of y over u and v is finite"):
            ng.plot_contours(y, [u, v])


def heights_of_contours(f, xs):
    axes = ng.plot_contours(f, xs).figure().axes[0]
    return axes, [text.get_text().replace("−", "-") for text in axes.texts]


def test_contours_of_a_plane_are_evenly_spaced_at_round_heights():
    u, v = ng.Variable(3.0, name="u"), ng.Variable(2.0, name="v")
    axes, _ = heights_of_contours(ng.add(u, v, name="f"), [u, v])
    [levels] = [each.levels for each in axes.collections if hasattr(each, "levels")]
    assert np.allclose(np.diff(levels), 0.5)
    assert np.allclose(levels % 0.5, 0)
    assert "contours of f, 0.5 apart" in axes.get_legend_handles_labels()[1]


def test_contours_of_a_steep_bowl_say_that_they_are_not_evenly_spaced():
    u, v = ng.Variable(-1.5, name="u"), ng.Variable(2.0, name="v")
    f = ng.add(ng.square(1.0 - u), 100.0 * ng.square(v - u * u), name="f")
    axes, heights = heights_of_contours(f, [u, v])
    assert {"20", "100", "500"} <= set(heights)
    assert "contours of f, not evenly spaced" in axes.get_legend_handles_labels()[1]


def test_a_flat_function_has_no_contours():
    u, v = ng.Variable(1.0, name="u"), ng.Variable(2.0, name="v")
    axes, heights = heights_of_contours(ng.add(0.0 * u, 0.0 * v, name="f"), [u, v])
    assert heights == []
    assert not any("contours" in label for label in axes.get_legend_handles_labels()[1])


def test_the_first_steps_of_a_descent_have_markers_and_the_legend_stands_below():
    u, v = ng.Variable(1.0, name="u"), ng.Variable(2.0, name="v")
    down = {"plain": ng.train.GradientDescentOptimizer(0.1)}
    axes = ng.plot_contours(ng.add(u * u, v * v, name="f"), [u, v], down).figure().axes[0]
    [way] = [line for line in axes.lines if line.get_label() == "plain"]
    assert way.get_markevery()[:5] == [0, 1, 2, 3, 4]
    axes.figure.draw_without_rendering()
    assert axes.get_legend().get_window_extent().y1 < axes.get_window_extent().y0


def test_the_plot_of_a_check_names_the_difference_that_it_shows():
    x = ng.Variable(3.0, name="x")
    axes = ng.check_gradient(ng.square(x), x).plot().figure().axes[0]
    assert axes.get_ylabel() == "relative difference\nfrom reverse mode"


def test_five_descents_can_be_told_apart():
    u, v = ng.Variable(-4.0, name="u"), ng.Variable(1.0, name="v")
    five = {f"way {i}": ng.train.GradientDescentOptimizer(0.1 * i) for i in range(5)}
    axes = ng.plot_contours(ng.add(u * u, v * v), [u, v], five, steps=2).figure().axes[0]
    ways = [line for line in axes.lines if str(line.get_label()).startswith("way")]
    assert len({(line.get_color(), line.get_marker()) for line in ways}) == 5


def test_each_place_is_on_the_side_of_the_class_with_the_highest_score():
    points, classes = [[-1.0, 0.0], [1.0, 0.0], [2.0, 0.0]], [0, 1, 0]
    chart = ng.plot_classes(points, classes, lambda at: np.stack([-at[:, 0], at[:, 0]], 1)).chart
    assert np.array_equal(chart.scores.argmax(-1) == 1, np.tile(chart.x > 0, (81, 1)))
    assert chart.wrong == 1


def test_points_and_classes_that_do_not_fit_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match=r"shapes \[2, 2\] and \[3\]"):
        ng.plot_classes(np.ones([2, 2]), [0, 1, 1])
    with pytest.raises(ValueError, match="a row, with one score for each class"):
        ng.plot_classes(np.ones([2, 2]), [0, 1], lambda at: at[:, 0])


def test_a_learner_is_not_warned_that_fonts_are_looked_for(caplog):
    assert ng.plot_curve
    fonts = logging.getLogger("matplotlib.font_manager")
    fonts.warning("Matplotlib is building the font cache; this may take a moment.")
    fonts.warning("findfont: Font family 'Humor Sans' not found.")
    assert [record.getMessage()[:8] for record in caplog.records] == ["findfont"]
