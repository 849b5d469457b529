"""A site of all lessons, alive without a server, and of every public name.

    python3 go.py site [lesson …]     writes site/, which opens from disk

Sphinx sets it. What it reads is gathered in `site-source/`: lessons that have run, their contents
and the gallery, the pages of `docs/`, and a page for the names of each module.
"""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import nbformat

import nbgrad as tf
from course.lessons import NOTEBOOKS, ROOT, executed, fail, find_lessons, say, slide_type

SITE = ROOT / "site"
SETTINGS = ROOT / "course" / "site_source" / "conf.py"
STYLE = ROOT / "course" / "static" / "site.css"
PAGES = ("teaching", "program")
#: Notebooks that are no lessons, and always there.
CONTENTS, GALLERY = NOTEBOOKS / "contents.ipynb", NOTEBOOKS / "gallery.ipynb"
WIDGET = "application/vnd.jupyter.widget-view+json"
REPOSITORY = "https://github.com/nbgrad/nbgrad/blob/main"

FIRST = """# nbgrad: see how gradients flow

```{image} stop.svg
:alt: A stop closes, and the gradient at a goes from 12 to 6
```

Every picture in these lessons is alive: drag an input, turn a seed, close a stop. No server stands
behind it, and nothing is sent anywhere. To change code as well, [get nbgrad](https://github.com/nbgrad/nbgrad).

"""


def main(*wanted: str) -> int:
    """Build the site, and say which links in it lead nowhere."""
    if not all(map(find_spec, ("sphinx", "myst_nb", "numpydoc", "furo"))):
        fail('the site needs Sphinx: python -m pip install -e ".[site]"')
    page = build(SITE, find_lessons(wanted))
    dead = [*dead_links(SITE)]
    for each in dead:
        say(f"leads nowhere: {each}")
    say(f"the site is {page}")
    return int(bool(dead))


def build(folder: Path, lessons: Iterable[Path], modules: Iterable[str] | None = None) -> Path:
    """Build the site of these lessons in a folder; return its first page."""
    source = folder.with_name(f"{folder.name}-source")
    for each in (folder, source):
        shutil.rmtree(each, ignore_errors=True)
    gather(source, [*lessons], modules)
    command = ["-m", "sphinx", "-q", "-b", "html", "-d", source / ".doctrees", source, folder]
    done = subprocess.run([sys.executable, *map(str, command)], cwd=ROOT, check=False)
    shutil.rmtree(folder.parent / "jupyter_execute", ignore_errors=True)  # myst_nb's copies
    if done.returncode:
        fail("Sphinx stopped: the lines above say why")
    return folder / "index.html"


def gather(source: Path, lessons: list[Path], modules: Iterable[str] | None) -> None:
    """Put all that Sphinx reads into a folder."""
    (source / "_static").mkdir(parents=True)
    shutil.copy(SETTINGS, source / "conf.py")
    shutil.copy(STYLE, source / "_static")
    shutil.copy(ROOT / "docs" / "stop.svg", source)
    notebooks = [CONTENTS, *lessons, GALLERY]
    for path in notebooks:
        write_notebook(path, source / path.name, {each.name for each in notebooks})
    for page in PAGES:
        words = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
        whole = with_whole_links(words, {each.name for each in notebooks})
        (source / f"{page}.md").write_text(whole, "utf-8")
    names = [*write_reference(source, modules)]
    parts = {
        "Lessons": [path.stem for path in (CONTENTS, *lessons)],
        "Pictures": [GALLERY.stem],
        "For instructors": ["teaching"],
        "Reference": [*names, "program"],
    }
    lists = [
        f"```{{toctree}}\n:caption: {title}\n:maxdepth: 1\n\n" + "\n".join(pages) + "\n```\n"
        for title, pages in parts.items()
    ]
    (source / "index.md").write_text(FIRST + "\n".join(lists), "utf-8")


def write_notebook(path: Path, target: Path, present: set[str]) -> None:
    """A notebook that has run, without what only a speaker reads."""
    lesson = executed(path)
    cells = [cell for cell in lesson.cells if slide_type(cell) != "notes"]
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = with_whole_links(cell.source, present)
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET, None)
    lesson.notebook.cells = cells
    lesson.notebook.metadata.pop("widgets", None)
    nbformat.write(lesson.notebook, target)


def with_whole_links(words: str, present: Iterable[str] = ()) -> str:
    """Markdown whose links to files that are no page of the site lead to the repository."""
    kept = {*present, *(f"{page}.md" for page in PAGES)}

    def whole(found: re.Match[str]) -> str:
        target = found[1].removeprefix("../notebooks/")
        if target in kept:
            return f"]({target})"
        place = f"notebooks/{target}" if target.endswith(".ipynb") else target.removeprefix("../")
        return f"]({REPOSITORY}/{place})"

    return re.sub(r"\]\((?!https?:|#|mailto:)([^)\s]+)\)", whole, words)


def write_reference(source: Path, modules: Iterable[str] | None) -> Iterator[str]:
    """A page for the names of each public module, from their docstrings; yield their names."""
    public = {name: getattr(tf, name) for name in dir(tf)}
    found = {
        name: each
        for name, each in public.items()
        if isinstance(each, ModuleType) and name not in ("compat", "contrib")
    }
    for name in ("", *(found if modules is None else modules)):
        module = found[name] if name else tf
        title = f"tf.{name}" if name else "tf: graphs, gradients and pictures"
        entries = [entry(module, each) for each in dir(module)]
        page = f"reference-{name or 'tf'}"
        text = f"{title}\n{'=' * len(title)}\n\n" + "\n".join(filter(None, entries))
        (source / f"{page}.rst").write_text(text, "utf-8")
        yield page


def entry(module: ModuleType, name: str) -> str:
    """What makes Sphinx write down one name; "" for what has no docstring of its own."""
    each = getattr(module, name)
    where = f"{module.__name__}.{name}"
    if inspect.isclass(each):
        return f".. autoclass:: {where}\n"
    return f".. autofunction:: {where}\n" if inspect.isroutine(each) else ""


class Links(HTMLParser):
    """The addresses that a page leads to or loads, and the places in it that can be led to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.places |= {named[key] or "" for key in ("id", "name") if key in named}
        if tag == "a" and named.get("href"):
            self.targets.append(named["href"] or "")
        elif tag in ("script", "img", "link", "iframe"):
            self.loaded.append(named.get("src") or named.get("href") or "")


def read_links(folder: Path) -> dict[Path, Links]:
    return {page: Links(page) for page in sorted(folder.rglob("*.html"))}


def dead_links(folder: Path) -> Iterator[str]:
    """The links of a site's pages to each other that lead nowhere."""
    pages = read_links(folder)
    for page, links in pages.items():
        for target in [*links.targets, *filter(None, links.loaded)]:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            file = page if not parts.path else (page.parent / unquote(parts.path)).resolve()
            place = unquote(parts.fragment)
            lost = file in pages and place and place not in pages[file].places
            if not file.exists() or lost:
                yield f"{page.name}: {target}"


def loaded_from_afar(folder: Path) -> Iterator[str]:
    """What a site's pages load from a network."""
    for page, links in read_links(folder).items():
        for target in links.loaded:
            if urlsplit(target).netloc:
                yield f"{page.name}: {target}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
