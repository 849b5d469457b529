"""Equations as they are printed, taken at their word.

A product of arrays is element by element. With Σ before it, it is summed over what an operand
was repeated along; without, what it amounts to must have the shape that it is said to have.
"""

import re

import numpy as np

PLAIN = str.maketrans({"−": "-", "\u200a": " "})
SHAPE = r"(?:\d+(?:×\d+)+|\[\d*\])"
NUMBER = r"-?(?:\d+(?:\.\d+)?(?:e-?\d+)?|∞|NaN)"
ARRAY = r"\[[-\d.,e∞Na \[\]]*\]"
FACTOR = rf"(?:\({NUMBER}\)|{NUMBER}|{ARRAY})"
PRODUCT = rf"(?:Σ )?{FACTOR}(?: ?· ?{FACTOR})*"
SUM = rf"{PRODUCT}(?: [-+] {PRODUCT})*"
# Not the end of a formula with names in it: the "3 · 2 = 4" of "x + 3 · 2 = 4".
EQUATION = re.compile(rf"(?<![^\s|])(?<![-+·/] )({SUM}) = (?=({SUM}))")


def equations(text):
    """Each `A = B` of a text, where both are numbers, sums or products; shapes are no numbers."""
    return EQUATION.findall(re.sub(SHAPE, "□", text).translate(PLAIN).replace(" × ", " · "))


def shapes_agree(text):
    """Whether each `3×5 = 3×8 · 8×5` is a product of matrices, and each `[5] = Σ 8×5` a sum."""
    for result, a, b in re.findall(rf"({SHAPE}) = ({SHAPE}) · ({SHAPE})", text):
        (n, k), (m, p) = shape(a), shape(b)
        if (k, shape(result)) != (m, (n, p)):
            return False
    return all(
        np.broadcast_shapes(shape(small), shape(large)) == shape(large) != shape(small)
        for small, large in re.findall(rf"({SHAPE}|\d) = Σ ({SHAPE})", text)
    )


def shape(text):
    return () if text.isdigit() else tuple(map(int, re.findall(r"\d+", text)))


def holds(equation, digits=3):
    """Whether both sides are the same, as far as the digits go that are printed."""
    total, result = (value(side) for side in equation)
    if "Σ" in equation[0]:
        total = total.sum(axis=tuple(range(total.ndim - result.ndim)))
    if total.size == result.size or total.size == 1:
        total = np.broadcast_to(total.reshape(-1), result.size).reshape(result.shape)
    same_shape = total.shape == result.shape
    return same_shape and np.allclose(total, result, 2 * 10.0**-digits, 0, equal_nan=True)


def value(text):
    """What a sum of products of numbers and arrays amounts to."""
    total = 0.0
    for sign, term in re.findall(rf"(?:^|( [-+] ))({PRODUCT})", text):
        factors = [array(factor) for factor in re.findall(FACTOR, term)]
        with np.errstate(invalid="ignore"):
            product = np.prod(np.broadcast_arrays(*factors), axis=0)
        total = total - product if "-" in sign else total + product
    return np.asarray(total)


def array(text):
    words = re.sub(r"[()]", "", text).replace("∞", "inf").replace("NaN", "nan")
    return np.array(eval(words, {"inf": np.inf, "nan": np.nan}))
