"""Three estimates, one by one: differences at their limit, formulas computed, digits counted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbgrad.checks.precision import digits_in_common, extrapolated, value_of


@given(st.floats(-10, 10), st.floats(-3, 3), st.floats(-3, 3))
def test_extrapolation_finds_the_limit_of_a_smooth_slope(limit, bend, curl):
    found = extrapolated(lambda h: limit + bend * h**2 + curl * h**4, 0.4)
    assert found == pytest.approx(limit, abs=1e-9)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("2 · x · y + 1", 25.0),
        ("−x²", -9.0),
        ("x − y − 1", -2.0),
        ("x / y / 2", 0.375),
        ("2^x^2", 512.0),
        ("x^−1 · √y", 2 / 3),
        ("x⁻² · y¹⁰", 4.0**10 / 9),
        ("y⁻⁰·⁵ · x", 1.5),
        ("|−x| / (y − 2)", 1.5),
        ("cos(x − 3)² + xy", 6.0),
        ("1e−05 · x", 3e-5),
    ],
)
def test_a_printed_formula_is_read_as_a_person_reads_it(formula, value):
    names = {"x": 3.0, "y": 4.0, "xy": 5.0}
    assert value_of(formula, names, "float64") == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("formula", ["", "[x > 0]", "x y", "(x", "σ(x)", "z", "x + "])
def test_a_formula_beyond_plain_arithmetic_is_refused(formula):
    with pytest.raises(ValueError, match="is no plain arithmetic"):
        value_of(formula, {"x": 3.0, "y": 4.0}, "float64")


@given(st.floats(1.0, 9.0), st.integers(-6, 6), st.integers(1, 12))
def test_digits_agree_to_half_a_unit_of_the_last(mantissa, power, digits):
    value, unit = mantissa * 10.0**power, 10.0 ** (power + 1 - digits)
    assert digits_in_common(value, [value + 0.6 * unit]) == digits - 1
    assert digits_in_common(value, [value + 0.4 * unit]) == digits


@given(st.floats(0.1, 1e6), st.floats(-1e-3, 1e-3), st.sampled_from([7, 15]))
def test_numbers_that_are_said_to_agree_are_so_close_as_they_are_shown(value, error, most):
    other = value * (1 + error)
    digits = digits_in_common(value, [other], most)
    shown = [float(f"{each:.{most - 1}e}") for each in (value, other)]
    unit = 10.0 ** (np.floor(np.log10(max(shown))) + 1 - digits)
    assert digits == most or abs(shown[0] - shown[1]) <= unit * (0.5 + 1e-6)
    assert digits > 0


@pytest.mark.parametrize("strange", [np.nan, np.inf])
def test_what_is_not_finite_agrees_with_nothing(strange):
    assert digits_in_common(1.0, [strange]) == digits_in_common(strange, [strange]) == 0
