"""Mathematics in MathML, which a browser sets by itself: no script, no font, no network."""

from __future__ import annotations

import re
from html import escape

from nbgrad.picture.derivations.typeset import mathml


def inline_math(latex: str) -> str:
    """A formula in a line of words."""
    return math_element(latex)


def block_math(latex: str) -> str:
    """A formula on a line of its own."""
    return math_element(latex, ' display="block"')


def math_element(latex: str, attributes: str = "") -> str:
    row = mathml(latex.strip()).replace("<mo>/</mo>", '<mo lspace="0" rspace="0">/</mo>')
    return f'<math{attributes} aria-label="{escape(latex.strip())}">{row}</math>'


def with_punctuation(html: str) -> str:
    """The same, where no line breaks between a formula and the sign behind it."""
    return BEFORE_SIGN.sub(r'<span class="kept">\1\2</span>', html)


BEFORE_SIGN = re.compile(r"(<math(?: aria-label=[^>]*)?>(?:(?!</math>).)*</math>)([.,;:?!)]+)")
