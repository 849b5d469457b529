"""The page styles pictures as Python does: one evaluator, written twice, equal to the character."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nbgrad.picture import layouts as layouts  # adds all forms
from nbgrad.picture import theme
from nbgrad.picture.forms import FORMS
from nbgrad.picture.words import WORDINGS

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "nbgrad/widgets/static"


def printed(node, *arguments):
    """What a module prints under Node, as JSON lines."""
    done = subprocess.run([node, *arguments], capture_output=True, text=True)
    if done.returncode:
        pytest.fail(done.stderr, pytrace=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def constants(node, module, names):
    """Constants that a module exports."""
    script = f"import * as module from '{STATIC.as_uri()}/{module}';"
    script += f"console.log(JSON.stringify({json.dumps(names)}.map((name) => module[name])))"
    return printed(node, "--input-type=module", "-e", script)[0]


def test_every_style_of_many_pictures_is_the_same_in_the_page(node, tmp_path):
    path = tmp_path / "styles.jsonl"
    subprocess.run([sys.executable, HERE / "styles.py", path], check=True)
    *different, summary = printed(node, HERE / "styles.js", path)
    assert different == []
    assert summary["count"] > 150_000


def test_a_moved_picture_says_the_same_in_the_page_but_where_rounding_decides(node, tmp_path):
    path = tmp_path / "moved.jsonl"
    subprocess.run([sys.executable, HERE / "moved.py", path], check=True)
    (found,) = printed(node, HERE / "moved.js", path)
    assert found["styles"] > 50_000
    assert found["digits"] < found["styles"] / 5000
    # A sum that is zero in one order of its terms, and next to nothing in another, is said in
    # several places of its picture; there are few such pictures, of four hundred.
    pictures = {(flip["name"], flip["view"]) for flip in found["flips"]}
    assert len(pictures) <= 3, found["flips"][:5]
    assert len(found["flips"]) < found["styles"] / 2000


def test_the_page_has_every_form(node):
    script = f"import '{STATIC.as_uri()}/template.js';"
    script += f"import {{ FORMS }} from '{STATIC.as_uri()}/forms.js';"
    script += "console.log(JSON.stringify(Object.keys(FORMS)))"
    (found,) = printed(node, "--input-type=module", "-e", script)
    assert sorted(found) == sorted(FORMS)


def test_a_hundred_thousand_numbers_are_written_the_same_in_the_page(node, tmp_path):
    path = tmp_path / "numbers.jsonl"
    subprocess.run([sys.executable, HERE / "written_numbers.py", path], check=True)
    *different, summary = printed(node, HERE / "written_numbers.js", path)
    assert different == []
    assert summary["count"] > 100_000


def test_the_page_knows_the_same_widths_of_characters_and_sizes_of_texts(node):
    names = ["CHARACTERS", "OTHER", "BOLD", "PILL", "END_PAD", "SMALL", "NAME", "NUMBER"]
    found = constants(node, "text_width.js", names)
    found[0] = {int(width): characters for width, characters in found[0].items()}
    python = [getattr(theme, n) for n in names]
    assert found == python


def test_the_page_has_the_same_words_for_reasons(node):
    (found,) = constants(node, "words.js", ["WORDINGS"])
    assert found == {cause: wording._asdict() for cause, wording in WORDINGS.items()}
