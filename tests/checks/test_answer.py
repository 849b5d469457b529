"""A learner's answer is held against what the program gives, in words that give nothing away."""

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture
def xy():
    return tf.Variable(3.0, name="x"), tf.Variable(4.0, name="y")


def test_a_right_answer_is_right_to_two_digits(xy):
    x, y = xy
    wanted = tf.gradients(x * x * y / 7, [x, y])
    assert tf.check_answer([3.43, 1.286], wanted)
    assert tf.check_answer([3.4, 1.3], wanted)
    assert not tf.check_answer([3.5, 1.286], wanted)
    assert not tf.check_answer([3.43, 1.2], wanted)
    assert tf.check_answer(-0.42, -0.4161468)
    assert not tf.check_answer(-0.41, -0.4161468)
    assert not tf.check_answer(0.01, 0.0)


def test_a_wrong_answer_is_named_by_its_place_and_not_told(xy):
    x, y = xy
    check = tf.check_answer([24.0, 9.0], tf.gradients(x * x * y + y, [x, y]))
    assert str(check).startswith("Part 2: 9 is not right")
    assert "10" not in str(check)


def test_a_wrong_sign_is_said(xy):
    x, _ = xy
    assert "only the sign" in str(tf.check_answer(-6.0, tf.gradients(x * x, x)))


def test_none_and_zero_are_told_apart(xy):
    x, y = xy
    wanted = tf.gradients(0 * x, [x, y])
    assert tf.check_answer([0.0, None], wanted)
    said = str(tf.check_answer([None, 0.0], wanted))
    assert "Part 1: it is not None" in said
    assert "Part 2: 0 is not None" in said


def test_none_in_quotes_is_a_text(xy):
    x, y = xy
    said = str(tf.check_answer([1.0, "None"], tf.gradients(x + 0, [x, y])))
    assert said == "Part 2: 'None' is a text: write None, without quotes."


def test_an_ellipsis_is_no_answer_yet(xy):
    x, y = xy
    for answer in (..., [..., 2.0]):
        check = tf.check_answer(answer, tf.gradients(x * y, [x, y]))
        assert not check
        assert "no answer yet" in str(check)


def test_arrays_are_compared_place_by_place():
    w = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="w")
    wanted = tf.gradients(tf.reduce_sum(w * w), w)
    assert tf.check_answer([[2, 4], [6, 8]], wanted)
    assert tf.check_answer([[[2, 4], [6, 8]]], wanted)
    assert "1 of 4 numbers are not right, at [1, 0]" in str(
        tf.check_answer([[2, 4], [5, 8]], wanted)
    )
    assert "is one number" in str(tf.check_answer(2, wanted))


def test_what_is_no_number_and_what_is_too_few_is_said(xy):
    x, y = xy
    assert "is no number" in str(tf.check_answer("six", tf.gradients(x * x, x)))
    assert "2 answers are asked for" in str(tf.check_answer([1.0], tf.gradients(x * y, [x, y])))


def test_values_come_from_the_session_and_from_what_is_fed(xy):
    x, _ = xy
    p = tf.placeholder(tf.float32, name="p")
    with tf.Session() as session:
        session.run(x.assign(5.0))
        assert tf.check_answer(10.0, tf.gradients(x * x, x))
        assert tf.check_answer(7.0, tf.gradients(x * p, x), {p: 7.0})


def test_plain_numbers_are_a_setting():
    try:
        tf.config(plain_numbers=True)
        assert repr([np.float32(5.0)]) == "[5.0]"
    finally:
        tf.config(plain_numbers=False)
    assert repr([np.float32(5.0)]) == "[np.float32(5.0)]"


def test_an_answer_may_be_no_number_where_constants_are_divided_by_zero():
    x = tf.constant(0.0)
    gradient = tf.gradients(tf.where(x > 0.0, 1 / x, x), x)
    assert tf.check_answer(float("nan"), gradient)
    assert not tf.check_answer(1.0, gradient)
