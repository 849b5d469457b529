"""The LaTeX file says what the SVG says, and compiles alone and on a slide."""

import re
import subprocess

import pytest
import traces
from test_matplotlib import shown_in_svg

from nbgrad.picture.drawing import LAYOUTS, Drawing
from nbgrad.picture.output.tikz import tex

every_layout = pytest.mark.parametrize("layout", LAYOUTS)
GRAPHS = [traces.textbook, traces.matrices, traces.states]


def nodes(file):
    """The texts of a file's nodes, without their weight and their tails."""
    texts = re.findall(r"\\node\[.*?\] at \(.*?\) \{(.*)\};", file)
    texts = [re.sub(r"\{\\color\{nbmute\}\{\}.*\}$", "", text) for text in texts]
    return [re.sub(r"\\(?:textbf|underline)\{(.*)\}", r"\1", t) for t in texts]


@every_layout
@pytest.mark.parametrize("graph", GRAPHS)
def test_it_shows_the_texts_of_the_svg(layout, graph):
    drawing = Drawing.of(graph(), layout=layout)
    found = [re.sub(r"^\\textbf\{(.*)\}$", r"\1", text) for text in nodes(drawing.tikz())]
    assert sorted(text for text in found if text) == sorted(map(tex, shown_in_svg(drawing)))


@every_layout
def test_it_is_ascii_and_its_braces_match(layout):
    file = Drawing.of(traces.states(), layout=layout).tikz()
    assert file.isascii()
    bare = file.replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")


@every_layout
@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.__name__)
def test_every_layout_of_every_kind_of_card_compiles(tmp_path, graph, layout, pdflatex):
    Drawing.of(graph(), layout=layout).save(tmp_path / "picture.tex")
    compile_tex(pdflatex, tmp_path, "picture.tex")


def test_a_name_is_only_text():
    file = Drawing.of(traces.square(r"50%_of\x{é}$ж")).tikz()
    assert r"50\%\_of\textbackslash{}x\{e\}\$?" in file


@pytest.mark.parametrize("kind", ["article", "beamer"])
def test_it_compiles_alone_and_inside_other_documents(tmp_path, kind, pdflatex):
    Drawing.of(traces.states()).save(tmp_path / "picture.tex")
    compile_tex(pdflatex, tmp_path, "picture.tex")
    frame = (
        r"\begin{frame}\input{picture.tex}\end{frame}" if kind == "beamer" else r"\input{picture}"
    )
    body = rf"\documentclass{{{kind}}}\usepackage{{tikz}}\begin{{document}}{frame}\end{{document}}"
    (tmp_path / "around.tex").write_text(body, "utf-8")
    compile_tex(pdflatex, tmp_path, "around.tex")


def compile_tex(pdflatex, folder, name):
    command = [pdflatex, "-interaction=nonstopmode", "-halt-on-error", name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Missing character" not in done.stdout
