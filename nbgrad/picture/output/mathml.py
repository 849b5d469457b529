r"""Mathematics for a browser: the LaTeX that our notations are made of, as MathML.

Every browser sets MathML by itself, so a derivation needs no MathJax and no network: it is the
same in JupyterLab, in a page that nbconvert made, and on a slide. This knows what operations
are written with (fractions, roots, indices, brackets, bars, matrices); a command it does not
know stands there by its name, which is better than nothing.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from html import escape

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.")


SYMBOLS = {
    **{"cdot": "·", "times": "×", "odot": "⊙", "top": "\u22a4", "sum": "∑", "prod": "∏"},
    **{"partial": "∂", "infty": "∞", "le": "≤", "ge": "≥", "ne": "≠", "to": "→", "ast": "∗"},
    **{"alpha": "α", "beta": "β", "gamma": "γ", "sigma": "σ", "mu": "μ", "lambda": "λ"},
    **{"theta": "θ", "pi": "π", "varepsilon": "ε", "epsilon": "ϵ", "max": "max", "min": "min"},
    **{"log": "log", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh"},
    **{"lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lVert": "‖", "rVert": "‖"},
    **{"{": "{", "}": "}", "_": "_", "%": "%", "#": "#", "|": "‖"},
}


SPACES = {",": "0.17em", ";": "0.28em", "quad": "1em", "!": "0", " ": "0.25em"}


UPRIGHT = ("operatorname", "mathrm", "text")


def mathml(latex: str) -> str:
    r"""LaTeX as the inside of a `<math>` element.

    Examples
    --------
    >>> mathml(r"\frac{x}{2}")
    '<mfrac><mi>x</mi><mn>2</mn></mfrac>'
    >>> mathml("x^{2}")
    '<msup><mi>x</mi><mn>2</mn></msup>'
    """
    return "".join(Reader(latex).row())


class Reader:
    """Reads LaTeX once from left to right."""

    def __init__(self, latex: str) -> None:
        self.tokens = deque(TOKEN.findall(latex))
        self.words = {
            "frac": self.fraction,
            "sqrt": self.root,
            "bar": self.barred,
            "overline": self.barred,
        }
        self.words |= {"left": self.bracket, "right": self.bracket, "begin": self.matrix}
        self.words |= dict.fromkeys(UPRIGHT, self.upright)

    def peek(self) -> str:
        """The next token that is not a space, or nothing at the end."""
        while self.tokens and self.tokens[0].isspace():
            self.tokens.popleft()
        return self.tokens[0] if self.tokens else ""

    def take(self) -> str:
        token = self.peek()
        if token:
            self.tokens.popleft()
        return token

    def row(self, ends: tuple[str, ...] = ()) -> list[str]:
        """Elements up to the end, or up to a token of `ends`, which is left standing."""
        found: list[str] = []
        while self.peek() and self.peek() not in ends:
            if self.peek() in SCRIPTS and found:
                found[-1] = self.scripted(found[-1])
            else:
                found.append(self.item())
        return found

    def item(self) -> str:
        """One letter, number, command or group."""
        token = self.take()
        if token == "{":
            inside = self.row(ends=("}",))
            self.take()
            return inside[0] if len(inside) == 1 else f"<mrow>{''.join(inside)}</mrow>"
        if token.startswith("\\"):
            return self.command(token[1:])
        if token[:1].isdigit():
            return f"<mn>{token}</mn>"
        return f"<mi>{token}</mi>" if token.isalpha() else f"<mo>{operator(token)}</mo>"

    def command(self, word: str) -> str:
        build: Callable[[], str] | None = self.words.get(word)
        if build is not None:
            return build()
        if word in SPACES:
            return f'<mspace width="{SPACES[word]}"/>'
        symbol = escape(SYMBOLS.get(word, word))
        return f"<mi>{symbol}</mi>" if symbol.isalpha() else f"<mo>{symbol}</mo>"

    def scripted(self, base: str) -> str:
        """A base with what follows it above or below."""
        parts: dict[str, str] = {}
        while self.peek() in SCRIPTS and self.peek() not in parts:
            script = self.take()
            parts[script] = self.item()
        if len(parts) == 2:
            return f"<msubsup>{base}{parts['_']}{parts['^']}</msubsup>"
        [(script, part)] = parts.items()
        return f"<{SCRIPTS[script]}>{base}{part}</{SCRIPTS[script]}>"

    def fraction(self) -> str:
        return f"<mfrac>{self.item()}{self.item()}</mfrac>"

    def root(self) -> str:
        return f"<msqrt>{self.item()}</msqrt>"

    def barred(self) -> str:
        return f'<mover accent="true">{self.item()}<mo>‾</mo></mover>'

    def bracket(self) -> str:
        token = self.take()
        symbol = SYMBOLS.get(token[1:], token) if token.startswith("\\") else token
        return "" if symbol == "." else f"<mo>{escape(symbol)}</mo>"

    def upright(self) -> str:
        return f'<mi mathvariant="normal">{escape(self.name())}</mi>'

    def name(self) -> str:
        """The letters between two braces, as they are."""
        letters = []
        while self.tokens and (token := self.tokens.popleft()) != "}":
            letters += [] if token == "{" else [token.lstrip("\\")]
        return "".join(letters)

    def matrix(self) -> str:
        r"""`\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}`."""
        self.name()
        rows: list[list[str]] = [[]]
        while self.peek() not in ("", r"\end"):
            cell = "".join(self.row(ends=("&", "\\\\", r"\end")))
            rows[-1].append(f"<mtd>{cell}</mtd>")
            if self.peek() != r"\end" and self.take() == "\\\\":
                rows.append([])
        self.take()
        self.name()
        table = "".join(f"<mtr>{''.join(row)}</mtr>" for row in rows)
        return f"<mrow><mo>[</mo><mtable>{table}</mtable><mo>]</mo></mrow>"


SCRIPTS = {"^": "msup", "_": "msub"}


def operator(token: str) -> str:
    """An operator as it is set; a hyphen means minus."""
    return "−" if token == "-" else escape(token)
