"""Checks: answers of a learner, derivatives, and `tf.test`. Here, answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from nbgrad.checks import test
from nbgrad.core.endpoints import as_list
from nbgrad.core.graph import Operand
from nbgrad.core.operands import FeedDict
from nbgrad.core.session import Session
from nbgrad.trace.numbers import Numbers, one_line, shaped
from nbgrad.trace.record import Recorder

__all__ = ["AnswerCheck", "check_answer", "test"]

DIGITS = 2  # as many significant digits as one writes by hand
NO_ANSWER = "There is no answer yet: write it in the place of the dots."
NOT_ZERO = "no gradient comes here at all, which is not the same as one that is 0."
AGAIN = "Work it out once more, or let an explorer show each step."


@dataclass(frozen=True)
class AnswerCheck:
    """What is right in an answer, and what differs: a sentence for each part that is wrong."""

    right: bool
    sentences: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.right

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        mark = "✓" if self.right else "✗"
        return f"<p><b>{mark}</b> {'<br>'.join(map(escape, self.sentences))}</p>"


def check_answer(
    answer: Any, wanted: Any, feed_dict: FeedDict | None = None, session: Session | None = None
) -> AnswerCheck:
    """Recompute what was asked for, and say what in an answer differs from it.

    Parameters
    ----------
    answer
        A number, an array, None (a gradient that is not there), or a list of these; `...` is no
        answer yet.
    wanted
        What it should be: a tensor, None or a number, or a list of these, such as `tf.gradients`
        returns.
    feed_dict, session
        As for `Session.run`; a variable that the session does not hold has its initial value.

    Returns
    -------
    AnswerCheck
        It prints what differs, and is true where nothing does: to two significant digits.
        Nothing is raised for a wrong answer.

    Examples
    --------
    >>> x = tf.Variable(3.0, name="x")
    >>> print(tf.check_answer(6.0, tf.gradients(x * x, x)))
    Right: 6.
    >>> print(tf.check_answer([6.0, 0.0], tf.gradients(x * x, [x, tf.constant(1.0)])))
    Part 2: 0 is not None: no gradient comes here at all, which is not the same as one that is 0.
    """
    parts = [*as_list(wanted)]
    truths = values_of(parts, feed_dict, session)
    # Of one part, `[6.0]`, as `tf.gradients` has it, is a list too; [1, 2] may be its value.
    alone = not isinstance(answer, list | tuple) or (
        len(truths) == 1 and (len(answer) != 1 or np.shape(answer) == np.shape(truths[0]))
    )
    given = [answer] if alone else [*answer]
    if any(each is Ellipsis for each in given):
        return AnswerCheck(False, (NO_ANSWER,))
    if len(given) != len(parts):
        return AnswerCheck(False, (f"{len(parts)} answers are asked for; here is {len(given)}.",))
    faults = tuple(faults_in(given, truths))
    right = f"Right: {', '.join(map(in_answer, truths))}."
    return AnswerCheck(not faults, faults or (right,))


def values_of(parts: Sequence[Any], feed_dict: Any, session: Session | None) -> list[Any]:
    """What each part is: the value of a tensor, anything else as it is."""
    tensors = [part for part in parts if isinstance(part, Operand)]
    if not tensors:
        return [*parts]
    recorder = Recorder(tensors, [])
    given = recorder.values_given(feed_dict, session)
    values = iter(recorder.values_of(recorder.reverse.ys, given))
    return [next(values) if isinstance(part, Operand) else part for part in parts]


def faults_in(given: Sequence[Any], truths: Sequence[Any]) -> Iterator[str]:
    """A sentence for each answer that differs from what is true."""
    for n, (answer, truth) in enumerate(zip(given, truths, strict=True), start=1):
        sentence = fault_in(answer, truth)
        if sentence:
            yield f"Part {n}: {sentence}" if len(truths) > 1 else sentence[0].upper() + sentence[1:]


def fault_in(answer: Any, truth: Any) -> str:
    """What differs between an answer and what is true; "" if nothing does."""
    if isinstance(answer, str) and answer.strip().lower() == "none":
        return f"{answer!r} is a text: write None, without quotes."
    if truth is None:
        return "" if answer is None else f"{in_answer(answer)} is not None: {NOT_ZERO}"
    if answer is None:
        return "it is not None: a gradient does come here, if only one that is 0."
    try:
        numbers = np.asarray(answer, float)
    except (TypeError, ValueError):
        return f"{answer!r} is no number."
    wanted = np.asarray(truth, float)
    if numbers.shape != wanted.shape:
        have, want = (
            f"has shape {list(each.shape)}" if each.ndim else "is one number"
            for each in (numbers, wanted)
        )
        return f"the answer {have}; what is asked for {want}."
    near = np.abs(numbers - wanted) <= half_unit(wanted)
    wrong = ~(near | (numbers == wanted) | (np.isnan(numbers) & np.isnan(wanted)))
    if not wrong.any():
        return ""
    if not wanted.ndim:
        is_negative = wanted and abs(numbers + wanted) <= half_unit(wanted)
        sign = ", though only the sign is wrong" if is_negative else ""
        return f"{in_answer(answer)} is not right{sign}. {AGAIN}"
    places = [str([*map(int, place)]) for place in np.argwhere(wrong)]
    some = f"{', '.join(places[:3])}{' …' if len(places) > 3 else ''}"
    return f"{len(places)} of {wanted.size} numbers are not right, at {some}. {AGAIN}"


def half_unit(wanted: np.ndarray) -> np.ndarray:
    """How far from each number an answer may lie: half a unit of the last digit that is asked for.

    A zero has no digits; beside other numbers, it may be as far off as the smallest of them.
    """
    sizes = np.abs(np.where(np.isfinite(wanted), wanted, 0.0))
    smallest = sizes[sizes > 0].min(initial=np.inf)
    powers = np.floor(np.log10(np.where(sizes > 0, sizes, min(smallest, 1.0))))
    units = 10.0 ** (powers - DIGITS + 1)
    return np.where(sizes > 0, 0.5 * units * (1 + 1e-6), 1e-3 * units)


def in_answer(value: Any) -> str:
    """A value in a sentence."""
    if value is None:
        return "None"
    try:
        numbers = Numbers(np.asarray(value, float))
    except (TypeError, ValueError):
        return repr(value)
    return one_line(numbers) if numbers.array.size <= 9 else f"[{shaped(numbers.shape)}]"
