"""Numbers are short, honest, and never wider than their slot."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbgrad.trace.model import Numbers
from nbgrad.trace.numbers import ROOM, exact, in_words, one_line, short, significant


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


@pytest.mark.parametrize("room", [ROOM, 6])
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


@given(st.floats() | st.complex_numbers() | st.integers(-(2**62), 2**62))
def test_no_number_is_written_with_a_hyphen_or_with_more_than_four_digits(number):
    numbers = Numbers(np.asarray(number))
    assert not any("-" in text for text in (short(number), in_words(numbers), exact(numbers)))
    mantissas = [part.split("e")[0] for part in re.split(r"[+j()]|(?<!e)−", short(number))]
    for digits in (re.sub(r"\D", "", mantissa).strip("0") for mantissa in mantissas):
        assert len(digits) <= 5  # integers below 100,000 keep all of theirs


@pytest.mark.parametrize(("shape", "words"), [((3, 5), "3×5"), ((5,), "[5]"), ((2, 3, 4), "2×3×4")])
def test_an_array_in_a_sentence_is_its_shape(shape, words):
    assert in_words(Numbers(np.ones(shape))) == words


def test_hovering_tells_the_size_of_an_array_and_every_digit_of_a_number():
    assert exact(Numbers(np.array([[1.0, -4.0]]))) == "max |v| 4, min −4, mean −1.5, max 1"
    assert exact(Numbers(np.float32(-0.1))) == "−0.1"
    assert exact(Numbers(np.zeros((0, 3)))) == "empty"


def test_a_number_is_written_alike_whatever_was_written_before():
    assert (short(-7 + 0j), short(-7.0), short(-7)) == ("(−7+0j)", "−7", "−7")
