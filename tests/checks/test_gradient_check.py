"""Three estimates: where they agree we trust, and where they do not, we say so."""

import re

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.trace.evaluation import PRECISIONS


@pytest.fixture(autouse=True)
def graph():
    with ng.Graph().as_default() as graph:
        yield graph


def gaussian_process(how, dtype=np.float64, points=300):
    """The mean of a Gaussian process at x = 2, through noise-free samples, as students write it."""
    places = np.linspace(-5.0, 5.0, points)
    covariance = np.exp(-((places[:, None] - places) ** 2) / (2 * 1.5**2))
    samples = np.random.default_rng(1).multivariate_normal(np.zeros(points), covariance)
    place, seen = places.astype(dtype), ng.constant(samples[:, None].astype(dtype))
    x = ng.Variable(np.asarray(2.0, dtype), name="x")
    kernel = ng.exp(-ng.square(place[:, None] - ng.constant(place[None])) / (2 * 1.5**2))
    near = ng.exp(-ng.square(x - ng.constant(place[None])) / (2 * 1.5**2))
    if how == "inverse":
        mean = ng.matmul(ng.matmul(near, ng.matrix_inverse(kernel)), seen)
    else:
        mean = ng.matmul(near, ng.matrix_solve(kernel, seen))
    return ng.reshape(mean, [], name="mean"), x


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_of_the_explicit_inverse_no_digit_can_be_trusted_in_any_precision(dtype):
    check = ng.check_gradient(*gaussian_process("inverse", dtype))
    assert [check.digits("x", precision) for precision in PRECISIONS] == [0, 0]
    assert "float64: no digit can be trusted" in check.text
    assert "agree" not in check.text


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_of_the_linear_system_solved_four_digits_can(dtype):
    check = ng.check_gradient(*gaussian_process("solve", dtype))
    assert check.digits("x") >= 4


def test_with_ten_points_the_inverse_is_as_good():
    check = ng.check_gradient(*gaussian_process("inverse", points=10))
    assert check.digits("x") >= 9


@pytest.mark.parametrize(
    "function",
    [ng.sin, ng.exp, ng.tanh, ng.log, lambda x: x**3, lambda x: ng.sigmoid(x) / x, ng.square],
)
@pytest.mark.parametrize("value", [0.7, 3.0])
def test_a_well_behaved_derivative_has_many_trusted_digits(function, value):
    x = ng.Variable(value, name="x")
    check = ng.check_gradient(function(x), x)
    assert check.digits(precision="float64") >= 8
    assert check.digits(precision="float32") >= 4


def test_an_array_is_checked_along_a_random_direction():
    w = ng.Variable(np.random.default_rng(0).normal(size=(3, 2)), name="w")
    check = ng.check_gradient(ng.reduce_sum(ng.tanh(ng.ones([4, 3], ng.float64) @ w)), w)
    assert check.digits("w") >= 9
    assert "along a random direction" in check.text


def test_seeds_and_stops_are_respected():
    x = ng.Variable(3.0, name="x")
    a = ng.multiply(x, x, name="a")
    check = ng.check_gradient([a * x, a], x, grad_ys=[2.0, 5.0], stop_gradients=[a])
    assert check.derivative("x").by["float64"].reverse == pytest.approx(18)
    assert check.digits("x") >= 9


def test_stop_gradient_counts_as_the_constant_it_stands_for():
    x = ng.Variable(3.0, name="x")
    check = ng.check_gradient(ng.stop_gradient(x * x) * x, x)
    assert check.derivative("x").by["float64"].reverse == pytest.approx(9)
    assert check.digits("x") >= 9


def test_a_total_derivative_moves_the_other_x_along():
    a = ng.constant(1.0, name="a")
    b = ng.multiply(2.0, a, name="b")
    check = ng.check_gradient(a + b * b, [a, b])
    assert [h.by["float64"].reverse for h in check.derivatives] == [9, 4]
    assert check.digits() >= 9


def test_a_straight_through_estimator_is_contradicted(graph):
    x = ng.Variable(0.5, name="x")
    with graph.gradient_override_map({"Sign": "Identity"}):
        y = ng.sign(x)
    check = ng.check_gradient(y, x)
    assert (check.digits("x"), check.derivative("x").by["float64"].limit) == (0, 0)


def test_a_missing_gradient_is_explained():
    x, y = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="y")
    check = ng.check_gradient(ng.square(y, name="f"), [x, y])
    assert "df/dx is None: no path leads from x to f" in check.text
    assert check.digits("x") == 0


def test_the_printed_derivative_is_an_estimate_where_it_is_short():
    x, y = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="y")
    derivative = ng.check_gradient(ng.sin(x) * y, x).derivative("x")
    assert derivative.formula == "y · cos(x)"
    assert derivative.by["float64"].printed == pytest.approx(4 * np.cos(3.0), abs=1e-15)


def test_the_error_over_h_is_shaped_like_a_v():
    x = ng.Variable(0.7, name="x")
    estimates = ng.check_gradient(ng.exp(x), x).derivative("x").by["float64"]
    errors = np.abs(np.array(estimates.differences) - estimates.reverse)
    lowest = errors.argmin()
    assert 5 < lowest < len(errors) - 5
    assert errors[0] > 1e3 * errors[lowest] < errors[-1]


def test_random_numbers_stay_the_same():
    x = ng.Variable(3.0, name="x")
    check = ng.check_gradient(x * ng.random_normal([], dtype=ng.float32), x)
    assert check.digits("x") >= 9


def test_float32_and_float64_are_said_to_agree_with_what_is_shown():
    x = ng.Variable(3.0, name="x")
    text = ng.check_gradient(x * x, x).text
    assert "6.000001" in text
    assert "float32: reverse mode agrees with the estimates in float64 on 6 digits." in text
    assert "float64: all estimates agree on" in text


def test_differences_in_float32_show_the_digits_that_they_share_with_float64():
    x = ng.Variable(1.0, name="x")
    check = ng.check_gradient(ng.log(x) - float(np.exp(1.0)), x)
    single = check.derivative("x").by["float32"]
    assert f"{single.limit:.6e}" != "1.000000e+00"
    [line] = [line for line in check.text.splitlines() if line.startswith("finite differences, h")]
    assert line.split()[-2] == f"1.{'0' * (single.limit_digits - 1)}"
    assert f"7 digits, finite differences in float32 on {single.limit_digits} digits" in check.text


def test_a_derivative_that_is_not_finite_is_a_finding_and_no_failure():
    x = ng.Variable(0.0, name="x")
    check = ng.check_gradient([ng.sqrt(x * x)], x)
    assert check.digits() == 0
    found = "Reverse mode gives NaN, finite differences 0, the printed formula NaN."
    assert f"float64: no digit can be trusted. {found}" in check.text
    assert "db/dx is not finite: what arrives is already not finite; that began at b." in check.text
    assert "<svg" not in check.html
    with pytest.raises(ValueError, match="nothing to plot"):
        check.plot()


@pytest.mark.parametrize("function", [ng.log, ng.sqrt, lambda x: x**-0.5])
@pytest.mark.parametrize("start", [0.0, [0.0, 1.0]])
def test_differences_say_why_they_find_no_number(function, start):
    x = ng.Variable(start, name="x")
    y = ng.reduce_sum(function(x), name="y")
    text = ng.check_gradient(y, x).text
    assert "Finite differences find no number in float32 and float64: near x not all" in text
    assert "dy/dx is not finite" in text


def test_an_x_that_is_not_finite_is_said_to_be_the_reason():
    x = ng.placeholder(ng.float32, [], name="x")
    text = ng.check_gradient(x * x, x, feed_dict={x: 1e39}).text
    assert "find no number in float32 and float64: x is not finite." in text
    assert "x itself is ∞, as is whatever lies beyond 3.403e38 in float32." in text


def test_an_overflow_in_float32_alone_is_said():
    x = ng.Variable(1e20, name="x")
    text = ng.check_gradient(ng.square(x, name="y"), x).text
    assert "find no number in float32: near x not all values of y are finite." in text


def test_estimates_that_are_all_0_are_said_to_be_so():
    x = ng.Variable(0.0, name="x")
    assert "float32: all estimates are 0.\nfloat64: all" in ng.check_gradient(ng.abs(x), x).text


def test_checking_leaves_nothing_behind(graph):
    x = ng.Variable(3.0, name="x")
    y = x * x
    before = len(graph.get_operations())
    ng.check_gradient(y, x)
    assert len(graph.get_operations()) == before


def test_a_check_shows_and_saves_itself(tmp_path):
    x = ng.Variable(3.0, name="x")
    check = ng.check_gradient(x * x, x)
    shown = check._repr_mimebundle_()
    assert "<svg" in shown["text/html"]
    assert "digits to trust" in shown["text/plain"]
    assert check.save(tmp_path / "check.txt").read_text("utf-8") == f"{check.text}\n"
    assert check.table().splitlines()[0].split() == ["h", "float32", "float64"]
    with pytest.raises(ValueError, match=r"\.txt \.html"):
        check.save(tmp_path / "check.png")
    with pytest.raises(KeyError, match="They are: x"):
        check.derivative(check.trace.nodes[-1].label)


def test_where_a_function_jumps_the_check_says_so():
    x, z = ng.Variable(0.0, name="x"), ng.Variable(1.0, name="z")
    check = ng.check_gradient(ng.multiply(ng.sign(x), z, name="y"), [x, z])
    of_x, of_z = check.text.split("\n\n")
    assert "y jumps at x = 0, so there is no derivative" in of_x
    assert "jumps" not in of_z
    assert "5.8" not in of_x, "a limit that there is not"


def test_a_missing_gradient_has_no_table():
    x, y = ng.Variable(0.0, name="x"), ng.Variable(1.0, name="y")
    assert "<table" not in ng.check_gradient(ng.square(y), x).html


def test_a_line_says_whether_the_estimates_agree():
    x = ng.Variable(3.0, name="x")
    assert re.match(r"agrees: all estimates are the same on 1\d digits\n", check_text(x * x, x))
    jumps = "differs: reverse mode gives 0, finite differences NaN"
    assert check_text(ng.sign(x - 3.0), x).startswith(jumps)
    assert check_text(ng.constant(1.0), x).startswith("nothing to check: there is no gradient\n")


def check_text(y, x):
    check = ng.check_gradient(y, x)
    assert check.verdict[:20] in repr(check)
    assert f"<b>{check.verdict}</b>" in check.html
    return check.text
