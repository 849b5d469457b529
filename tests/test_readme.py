"""What the README shows is what nbgrad does, and it can be read outside of its folder."""

import contextlib
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat

import nbgrad as tf
from course import stop

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PROGRAM = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
RAW = "https://raw.githubusercontent.com/nbgrad/nbgrad/main/"
HERE = re.compile(
    r"https://(?:raw\.githubusercontent\.com/nbgrad/nbgrad|github\.com/nbgrad/nbgrad/(?:blob|tree))"
    r"/main/([^\s)\"]+)"
)
SVG = "{http://www.w3.org/2000/svg}"


def test_the_program_prints_what_its_comments_say():
    said = re.findall(r"print\(.*# (.+)", PROGRAM)
    printed = io.StringIO()
    with tf.Graph().as_default(), contextlib.redirect_stdout(printed):
        exec(compile(PROGRAM, "README.md", "exec"), {})
    assert said == ["42.0", "24.0", "10.0"]
    assert printed.getvalue().split() == said


def test_the_picture_is_nbgrad_s_own(tmp_path):
    with tf.Graph().as_default():
        x = tf.Variable(3.0)
        y = tf.Variable(4.0)
        a = x * x
        b = a * y
        c = y + 2.0
        f = b + c
        drawn = tf.draw(f, [x, y])
    [name] = re.findall(r"!\[The computation graph.*?\]\(" + RAW + r"(.+?)\)", README)
    kept = (ROOT / name).read_text("utf-8")
    assert words(kept) == words(drawn.save(tmp_path / "f.svg").read_text("utf-8"))


def words(svg):
    """All texts of a picture."""
    return sorted(re.findall(r">([^<>]+)</t(?:ext|span)>", svg))


def test_the_moving_picture_is_made_of_nbgrad_s_own():
    [name] = re.findall(r"!\[A stop closes.*?\]\(" + RAW + r"(.+?)\)", README)
    kept = (ROOT / name).read_text("utf-8")
    assert len(kept.encode()) < 300_000
    made = stop.moving_picture()
    assert words(kept) == words(made), "python -m course.stop draws it anew"
    assert kept.count("<path") == made.count("<path")


def test_the_moving_picture_goes_from_the_sum_of_both_paths_to_one_of_them():
    root = ET.fromstring(stop.moving_picture())
    moments = {each.get("class"): [*each.itertext()] for each in root.findall(f"{SVG}g")}
    assert "12" in moments["open"]
    assert "12" not in moments["closed"]
    assert any("cut" in text for text in moments["closed"])
    assert "prefers-reduced-motion" in root.find(f"{SVG}style").text


def test_the_commands_come_before_the_program():
    assert README.index("go.py lab") < README.index("```python")


def test_it_reads_the_same_wherever_it_is_shown():
    assert re.findall(r"\]\((?!https://)[^)]*\)", README) == []
    assert re.findall(r"(?:src|href)=", README) == []


def test_every_file_it_links_to_is_there():
    linked = HERE.findall(README)
    assert linked
    assert [name for name in linked if not (ROOT / name).exists()] == []


def test_it_names_every_lesson_by_its_title():
    rows = re.findall(r"^\| (\d\d) \| (.+?) \|", README, re.MULTILINE)
    assert [number for number, _ in rows] == [f"{n:02}" for n in range(len(rows))]
    titles = dict(rows)
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        first = nbformat.read(path, as_version=4).cells[0].source
        assert first.startswith(f"# {path.stem[:2]} · {titles[path.stem[:2]]}"), path.name


def test_every_verb_it_names_is_there():
    named = re.findall(r"`tf\.(\w+)", README)
    assert [name for name in named if not hasattr(tf, name)] == []


def test_the_version_has_its_entry_in_the_changelog_and_is_the_one_to_cite():
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## (\S+?),? ", changelog, re.MULTILINE)[0] == tf.__version__
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {tf.__version__}\n" in citation
    assert citation.startswith("cff-version: 1.2.0\n")
