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
    row = mathml(latex.strip())
    for pattern, better in CORRECTIONS:
        row = pattern.sub(better, row)
    return f'<math{attributes} aria-label="{escape(latex.strip())}">{row}</math>'


def with_punctuation(html: str) -> str:
    """The same, where no line breaks between a formula and the sign behind it."""
    return BEFORE_SIGN.sub(r'<span class="kept">\1\2</span>', html)


BEFORE_SIGN = re.compile(r"(<math(?: aria-label=[^>]*)?>(?:(?!</math>).)*</math>)([.,;:?!)]+)")

FUNCTION = r"<mi>(?:sin|cos|tan|tanh|exp|ln|log|det|sign)</mi>"
#: What is set otherwise than in a book: room around a slash and beside ∞, a prime that is raised
#: twice, and no room between a function and what it is of.
CORRECTIONS = [
    (re.compile("<mo>∞</mo>"), "<mi>∞</mi>"),
    (re.compile("<mo>/</mo>"), '<mo lspace="0" rspace="0">/</mo>'),
    (
        re.compile("<msup>(<mi>[^<]*</mi>)<mi>([′″‴])</mi></msup>"),
        r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>',
    ),
    (
        re.compile(f"((?:{FUNCTION}|<msu[bp]>{FUNCTION}<m[in]>[^<]*</m[in]></msu[bp]>))(?=<m[^o])"),
        r'\1<mspace width="0.17em"/>',
    ),
]
