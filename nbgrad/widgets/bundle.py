"""The page's modules and style sheets as one text, which a page unpacks once; and pages.

Modules are joined without a build: the text of each, behind all that it imports, in one scope.
That asks of them what `tests/widgets/test_bundle.py` checks: imports by the names that the other
module has, and no name twice at the top level. A module's text is a sequence of statements, each of
which begins a line; a page of its own has those alone that its program needs.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Collection, Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np

from nbgrad.picture.output.svg import css

STATIC = Path(__file__).parent / "static"
ROOT = "index.js"

IMPORT = re.compile(r'^import\b[^;"]*"\./([\w]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?function\b|const\b|let\b|class\b)", re.MULTILINE)
# Comments that begin a line or end it, and types between brackets: no text looks like them.
COMMENT = re.compile(
    r"^\s*/\*.*?\*/|^\s*//.*?$| +// [^\"'`\n]*$|/\*\* @\w+ [^\n]*?\*/", re.MULTILINE | re.DOTALL
)
BETWEEN_LINES = re.compile(r"\s*\n\s*")
BESIDE_SIGNS = re.compile(r"(?:;(?=\s*\}))?\s*([{};,>]|:(?=\s))\s*")  # of a style sheet
NAMED = re.compile(r"(?:async )?(?:function\*?|class|const|let) ([\w$]+)")
WORD = re.compile(r"[\w$]+")
TABLES = re.compile(r"^  \.\.\.(\w+),$", re.MULTILINE)
KERNELS = re.compile(r"^export const [A-Z]+ = \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"^  (\w+)", re.MULTILINE)

# The signs that stand in JSON, in a script and between quotation marks as they are.
DIGITS = np.frombuffer(bytes(code for code in range(33, 127) if chr(code) not in '"<\\'), np.uint8)

# What a page runs. The first explorer of a page unpacks the modules; all others wait for it.
LOADER = """
const unpack = async (text, size) => {
  const bytes = new Uint8Array(size);
  const digit = (code) => code - 33 - (code > 34) - (code > 60) - (code > 92);
  for (let bits = 0, count = 0, next = 0, i = 0; i < text.length; i += 2) {
    bits |= (digit(text.charCodeAt(i)) * 91 + digit(text.charCodeAt(i + 1))) << count;
    for (count += 13; count > 7; count -= 8, bits >>= 8) bytes[next++] = bits;
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
};
const loaded = ((globalThis.nbgrad ??= {})["KEY"] ??= (async () => {
  const { module, style } = await unpack(PACK);
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
  return (await import(url)).default;
})());
"""
WIDGET = """
export default {
  initialize: async (context) => (await loaded).initialize(context),
  render: async (context) => (await loaded).render(context),
};
"""


class Bundle(NamedTuple):
    """The modules and the style sheets, packed: JSON of `module` and `style`."""

    key: str  # the name under which explorers of one page share it
    pack: str

    @property
    def loader(self) -> str:
        """The script that makes `loaded`, a promise of what `index.js` exports."""
        return without_indentation(LOADER).replace("KEY", self.key).replace("PACK", self.pack)

    @property
    def widget(self) -> str:
        """The module of a widget, in the form that anywidget takes."""
        return self.loader + WIDGET


def bundle(kernels: frozenset[str] | None = None) -> Bundle:
    """The bundle of the files as they are now: who edits one sees it in the next explorer.

    For a page of its own there are only these kernels in it.
    """
    files = tuple((path, path.stat().st_mtime_ns) for path in sorted(STATIC.iterdir()))
    return packed(files, kernels)


@lru_cache(maxsize=16)
def packed(files: tuple[tuple[Path, int], ...], kernels: frozenset[str] | None) -> Bundle:
    sheets = [path.read_text("utf-8") for path, _ in files if path.suffix == ".css"]
    style = BESIDE_SIGNS.sub(r"\1", COMMENT.sub("", "\n".join([*sheets, css()])))
    pack = deflated(json.dumps({"module": joined_modules(kernels=kernels), "style": style}))
    return Bundle(hashlib.sha256(pack.encode()).hexdigest()[:16], pack)


def deflated(text: str) -> str:
    """A text, packed: what `unpack` in a page takes between its brackets.

    Two signs stand for 13 bits; base64 would need a tenth more of them.
    """
    data = zlib.compress(text.encode(), 9)
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    groups = np.append(bits, np.zeros(-len(bits) % 13, np.uint8)).reshape(-1, 13)
    numbers = groups @ (1 << np.arange(13))
    digits = np.stack([numbers // 91, numbers % 91], axis=1)
    return f'"{DIGITS[digits].tobytes().decode()}", {len(data)}'


# Modules ----------------------------------------------------------------------------------------


def joined_modules(root: str = ROOT, kernels: frozenset[str] | None = None) -> str:
    """A module and all that it imports as one module, in one scope, without comments."""
    *others, last = [
        without_imports((STATIC / name).read_text("utf-8")) for name in modules_in_order(root)
    ]
    inner = [re.sub(r"^export default [^;]*;\n?", "", text, flags=re.MULTILINE) for text in others]
    text = "\n".join([*inner, last])
    return without_indentation(text if kernels is None else excerpt(text, kernels))


def without_imports(text: str) -> str:
    """A module as it stands behind those that it imports."""
    return EXPORT.sub("", IMPORT.sub("", f"{COMMENT.sub('', text)}\n"))


def modules_in_order(root: str) -> list[str]:
    """The names of the modules, each behind those that it imports; a circle is a ValueError."""
    found: list[str] = []

    def add(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"A circle of imports: {' → '.join([*above, name])}")
        if name not in found:
            for other in IMPORT.findall((STATIC / name).read_text("utf-8")):
                add(other, (*above, name))
            found.append(name)

    add(root, ())
    return found


def without_indentation(text: str) -> str:
    return BETWEEN_LINES.sub("\n", text).strip()


# Kernels ----------------------------------------------------------------------------------------


def page_kernels() -> frozenset[str]:
    """The types of operations that the page has a kernel for; Python computes all others."""
    texts = (path.read_text("utf-8") for path in STATIC.glob("kernels_*.js"))
    tables = (table for text in texts for table in KERNELS.findall(text))
    return frozenset(name for table in tables for name in ENTRY.findall(table))


def excerpt(text: str, kernels: Collection[str]) -> str:
    """The modules, joined but still indented, with those kernels alone and what they need."""
    # All that is indented, or closes, belongs to the line above.
    statements = re.split(r"\n(?=[^\s})\]])", text.strip())
    named = {statement: NAMED.match(statement) for statement in statements}
    parts = {found[1] if found else part: part for part, found in named.items()}
    for table in TABLES.findall(parts["KERNELS"]):
        first, *entries, last = re.split(r"\n(?=  \w|\})", parts[table])
        kept = (each for each in entries if each.split(":")[0].strip() in kernels)
        parts[table] = "\n".join([first, *kept, last])
    mentioned = {part for part, found in named.items() if not found}
    waiting = [*mentioned]
    while waiting:
        found = {*WORD.findall(parts[waiting.pop()])} & parts.keys() - mentioned
        mentioned |= found
        waiting += found
    return "\n".join(part for key, part in parts.items() if key in mentioned)


# Pages -------------------------------------------------------------------------------------------

# An explorer with all that it needs, as part of a page or alone. Inside is the still picture, which
# stays where no script runs. The script takes its place once somebody sees it; where Python has the
# explorer too, it is in step with that (see `static/saved_page.js`).

#: A notebook may take its outputs out of the page and put them back: the place is found at once.
SCRIPT = """
const places = [...document.querySelectorAll('[id="ID"]')];
loaded.then(({ startPage }) => {
  for (const place of places) startPage(place, () => unpack(STATE));
});
"""


def part_of_page(
    state: Mapping[str, Any], still: str, modules: Bundle | None = None, explorer: str = ""
) -> str:
    """The HTML of an explorer, to stand in any page; with its name, where Python has it too."""
    name = f"nbgrad-{uuid4().hex}"
    packed = deflated(json.dumps(packable(state), separators=(",", ":")))
    script = (modules or bundle()).loader + SCRIPT.replace("ID", name).replace("STATE", packed)
    data = {"explorer": explorer, "hidden": state["hidden"]}
    said = "".join(f' data-{key}="{escape(text)}"' for key, text in data.items() if text)
    return f'<div class="nbgrad-page" id="{name}"{said}>{still}</div><script>{{{script}}}</script>'


def packable(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state, with pictures beside each other, where each is packed by its likeness to the last.

    Of views that look like another one, there is only the name of that.
    """
    views, pictures = {}, {}
    names: dict[str, str] = {}
    for key, view in state["views"].items():
        name = names.setdefault(json.dumps([view["svg"], view["rules"]]), key)
        views[key] = {**view, "svg": ""} if name == key else name
        if name == key:
            pictures[key] = view["svg"]
    return {**state, "views": views, "pictures": pictures}


def page_of(state: Mapping[str, Any], still: str, title: str) -> str:
    """The HTML of a file of its own, with the kernels that its program calls."""
    modules = bundle(kernels_of(state["program"]))
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>
body {{ margin: 0; font-family: system-ui, sans-serif }}
main {{ max-width: 1000px; margin: 0 auto }}
h1 {{ font-size: 18px; font-weight: 650; margin: 14px 12px 0 }}
</style>
<body class="nbgrad">
<main>
<h1>{escape(title)}</h1>
{part_of_page(state, still, modules)}
</main>
</html>
"""


def kernels_of(program: Mapping[str, Any] | None) -> frozenset[str]:
    """The types of operations that a program calls, or names otherwise."""
    return page_kernels() & {*WORD.findall(json.dumps(program))}
