"""What the README shows is what nbgrad does."""

import contextlib
import io
import re
from pathlib import Path

import nbgrad as tf

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PROGRAM = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]


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
    [name] = re.findall(r"!\[The computation graph.*?\]\((.+?)\)", README)
    kept = (ROOT / name).read_text("utf-8")
    assert words(kept) == words(drawn.save(tmp_path / "f.svg").read_text("utf-8"))


def words(svg):
    """All texts of a picture."""
    return sorted(re.findall(r">([^<>]+)</t(?:ext|span)>", svg))


def test_every_file_it_links_to_is_there():
    linked = re.findall(r"\]\(((?!https?:)[^)#]+)\)", README)
    assert linked
    assert [name for name in linked if not (ROOT / name).exists()] == []
