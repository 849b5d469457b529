"""Numbers are short, honest, and never wider than their slot."""

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.trace.model import Numbers
from nbgrad.trace.numbers import CELL_ROOM, ROOM, one_line, short, significant


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (42.0, "42"),
        (7, "7"),
        (-3.0, "−3"),
        (-0.0, "0"),
        (2 / 3, "0.6667"),
        (12345.678, "12346"),
        (0.001, "0.001"),
        (0.0009999, "9.999e−4"),
        (1e5, "1e5"),
        (1.2e-7, "1.2e−7"),
        (-1.2344e-7, "−1.234e−7"),
        (-1.2345e-100, "−1.2e−100"),
        (1e-5, "1e−5"),
        (99999.96, "1e5"),
        (float("nan"), "NaN"),
        (float("-inf"), "−∞"),
        (True, "1"),
    ],
)
def test_a_number_has_four_digits_and_a_true_minus(number, text):
    assert short(number) == text


@pytest.mark.parametrize("room", [ROOM, CELL_ROOM])
def test_no_number_is_wider_than_its_slot(room):
    rng = np.random.default_rng(1)
    numbers = rng.normal(size=5000) * 10.0 ** rng.integers(-90, 90, size=5000)
    assert max(len(short(number, room)) for number in numbers) <= room


def test_four_digits_are_what_the_number_rounds_to():
    for number in np.random.default_rng(2).normal(size=500) * 100:
        assert float(significant(number, 4).replace("−", "-")) == pytest.approx(number, rel=5e-4)


def test_a_large_tensor_is_summed_up():
    assert one_line(Numbers(np.arange(100.0))) == "min 0, mean 49.5, max 99"
    assert one_line(Numbers(np.array([[1.0, -2.0]]))) == "[[1, −2]]"


def test_a_cell_has_room_for_four_digits_of_a_small_negative_number():
    assert short(-1.863e-6) == "−1.863e−6"
    with ng.Graph().as_default():
        v = ng.Variable([-1.863e-6, 1.0], name="v")
        styles = ng.draw(ng.reduce_sum(v), v).styled.styles
    assert "−1.863e−6" in {style.text for style in styles.values()}
