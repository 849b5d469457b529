"""A formula as it is printed, computed."""

import pytest

from nbgrad.checks.precision import value_of


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("2 · x · y + 1", 25.0),
        ("−x²", -9.0),
        ("x − y − 1", -2.0),
        ("x / y / 2", 0.375),
        ("2^x^2", 512.0),
        ("x^−1 · √y", 2 / 3),
        ("|−x| / (y − 2)", 1.5),
        ("cos(x − 3)² + xy", 6.0),
        ("1e−05 · x", 3e-5),
    ],
)
def test_a_printed_formula_is_read_as_a_person_reads_it(formula, value):
    names = {"x": 3.0, "y": 4.0, "xy": 5.0}
    assert value_of(formula, names, "float64") == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("formula", ["", "[x > 0]", "x y", "(x", "σ(x)", "z", "x + "])
def test_what_is_no_plain_arithmetic_is_refused(formula):
    with pytest.raises(ValueError, match="is no plain arithmetic"):
        value_of(formula, {"x": 3.0, "y": 4.0}, "float64")
