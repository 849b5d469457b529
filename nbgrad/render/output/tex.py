"""Text for TeX: every sign that a picture may show, written so that pdflatex knows it.

Anything else of Unicode becomes its closest ASCII letter, or a question mark; a picture never
fails to compile for the name of a variable.
"""

from __future__ import annotations

import re
import unicodedata

from nbgrad.tracing.symbols import SUBSCRIPTS

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
    '"': "''",
    "\u200a": r"\hskip.1em ",
    "…": r"\dots{}",
    "—": "---",
    "–": "--",
}
SIGNS = {
    "∂": r"\partial ",
    "×": r"\times ",
    "·": r"\cdot ",
    "−": "-",
    "∞": r"\infty ",
    "Σ": r"\Sigma ",
    "∑": r"\Sigma ",
    "∏": r"\Pi ",
    "Π": r"\Pi ",
    "σ": r"\sigma ",
    "√": r"\surd ",
    "→": r"\to ",
    "←": r"\leftarrow ",
    "↑": r"\uparrow ",
    "↓": r"\downarrow ",
    "↵": r"\hookleftarrow ",
    "▶": r"\triangleright ",
    "⊞": r"\oplus ",
    "⌀": r"\emptyset ",
    "∄": r"\not\exists ",
    "‖": r"\Vert ",
    "≥": r"\geq ",
    "≤": r"\leq ",
    "≠": r"\neq ",
    "≈": r"\approx ",
    "∧": r"\wedge ",
    "∨": r"\vee ",
    "¬": r"\neg ",
    "⌊": r"\lfloor ",
    "⌋": r"\rfloor ",
    "⌈": r"\lceil ",
    "⌉": r"\rceil ",
    "∘": r"\circ ",
    "⊙": r"\odot ",
    "′": "'",
    "ᵀ": "^{T}",
    "ᴴ": "^{H}",
    "⁻": "^{-}",
}
GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho tau phi"
GREEK += " chi psi omega"
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def signs() -> dict[str, str]:
    """Every sign with what TeX calls it in mathematics."""
    greek = {
        unicodedata.lookup(f"GREEK SMALL LETTER {n.upper().replace('LAMBDA', 'LAMDA')}"): n
        for n in GREEK.split()
    }
    found = {letter: rf"\{name} " for letter, name in greek.items()}
    found |= {sign: f"^{{{digit}}}" for digit, sign in enumerate(SUPERSCRIPTS)}
    return found | {sign: f"_{{{digit}}}" for digit, sign in enumerate(SUBSCRIPTS)} | SIGNS


MATHS = signs()


def tex(text: str) -> str:
    r"""A text for pdflatex.

    Examples
    --------
    >>> print(tex("∂a₁/∂x = 3·10²"))
    $\partial $a$_{1}$/$\partial $x = 3$\cdot $10$^{2}$
    >>> print(tex("x\u0304_1 & 50%"))
    $\mathsf{\bar{x}}$\_1 \& 50\%
    """
    pieces = re.findall(r".[\u0304\u0305]|.", text, re.DOTALL)
    return "".join(barred(piece) if len(piece) == 2 else sign(piece) for piece in pieces)


def barred(piece: str) -> str:
    """A letter with a bar over it."""
    letter = piece[0] if piece[0].isascii() and piece[0].isalnum() else MATHS.get(piece[0], "?")
    return rf"$\mathsf{{\bar{{{letter}}}}}$"


def sign(letter: str) -> str:
    """One character."""
    if letter in SPECIAL:
        return SPECIAL[letter]
    if letter in MATHS:
        return f"${MATHS[letter]}$"
    if letter.isascii():
        return letter
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return "".join(SPECIAL.get(each, each) for each in plain) or "?"
