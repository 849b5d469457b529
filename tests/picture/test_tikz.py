"""The LaTeX file says what the SVG says, and compiles alone and on a slide."""

import re
import subprocess

import pytest
import scenes
import traces
from swatches import swatches
from test_matplotlib import shown_in_svg

from nbgrad.picture.drawing import LAYOUTS, Drawing
from nbgrad.picture.output.tikz import tex, tikz

every_layout = pytest.mark.parametrize("layout", LAYOUTS)
GRAPHS = [traces.textbook, traces.matrices, traces.states]


def nodes(file):
    """The texts of a file's nodes, without their weight and their tails."""
    texts = re.findall(r"\\node\[.*?\] at \(.*?\) \{(.*)\};", file)
    texts = [re.sub(r"\{\\color\{nbmute\}\{\}.*\}$", "", text) for text in texts]
    return [re.sub(r"^\\nbgradline\{.*?\}\{(.*)\}$", r"\1", text) for text in texts]


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


def test_a_name_is_only_text():
    file = Drawing.of(traces.square(r"50%_of\x{é}$ж")).tikz()
    assert r"50\%\_of\textbackslash{}x\{e\}\$?" in file


@pytest.mark.parametrize("graph", GRAPHS)
def test_it_compiles_alone(tmp_path, graph, pdflatex):
    Drawing.of(graph()).save(tmp_path / "picture.tex")
    compile_tex(pdflatex, tmp_path, "picture.tex")


def pictures():
    """Pictures that have, between them, every card in every state, and every element's look."""
    yield "swatches", tikz(swatches())
    for scene in (*scenes.SCENES, traces.states, traces.matrices, traces.large):
        for layout in LAYOUTS:
            in_scenes = scene in scenes.SCENES
            drawing = (
                scenes.drawn(scene, layout=layout)
                if in_scenes
                else Drawing.of(scene(), layout=layout)
            )
            yield f"{scene.__name__}-{layout}", drawing.tikz()
            if layout == "overlay":
                for k in (0, drawing.styled.steps // 2, drawing.styled.steps):
                    yield f"{scene.__name__}-{k}", drawing.at(k).tikz()


def test_every_state_of_every_card_compiles_in_beamer_within_its_frame(tmp_path, pdflatex):
    frames = []
    for name, file in pictures():
        (tmp_path / f"{name}.tex").write_text(file, "ascii")
        frames.append(rf"\begin{{frame}}{{A title}}\input{{{name}.tex}}\end{{frame}}")
    log = compile_tex(pdflatex, tmp_path, "around.tex", document("beamer", "\n".join(frames)))
    assert "Overfull" not in log


@pytest.mark.parametrize("height", ["", r"\def\nbgradheight{3cm}"])
def test_it_is_no_wider_than_the_line_and_no_higher_than_is_allowed(tmp_path, height, pdflatex):
    for name, graph in (("wide", traces.network), ("small", traces.square)):
        (tmp_path / f"{name}.tex").write_text(Drawing.of(graph()).tikz(), "ascii")
        body = rf"{height}\sbox0{{\input{{{name}.tex}}}}\message{{<\the\wd0,\the\ht0>}}\usebox0"
        around = document("article", body)
        log = compile_tex(pdflatex, tmp_path, f"{name}-around.tex", around)
        wide, high = map(float, re.search(r"<([\d.]+)pt,([\d.]+)pt>", log).groups())
        assert wide <= 345.1  # the line of an article
        assert high <= (86 if height else 440.1)
        if name == "small" and not height:
            scene = Drawing.of(graph()).scene
            assert wide <= scene.width * 72.27 / 72 + 0.01  # it is not made larger


def document(kind, body):
    preamble = rf"\documentclass{{{kind}}}\usepackage{{tikz}}\usepackage{{lmodern}}"
    return rf"{preamble}\begin{{document}}{body}\end{{document}}"


def compile_tex(pdflatex, folder, name, text=None):
    """What LaTeX says when it compiles a file."""
    if text is not None:
        (folder / name).write_text(text, "ascii")
    command = [pdflatex, "-interaction=nonstopmode", "-halt-on-error", name]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = run.stdout.decode("latin-1")
    assert run.returncode == 0, log[-2000:]
    assert "Missing character" not in log
    return log
