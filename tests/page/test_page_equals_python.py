"""The page computes what Python computes: thousands of graphs, inputs, seeds and stops.

`compare.js` says what is compared, and how near; `graphs.py` and `generated.py` which graphs.
"""

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
GRAPHS = 2000
FAMOUS = 18  # what a textbook has and what programs have, from a neuron to 300 nodes
PROCESSES = max(2, os.cpu_count() or 2)


def compared(node, first, count):
    """A process that makes cases, and one that compares them as they come."""
    made = subprocess.Popen(
        [sys.executable, HERE / "cases.py", "-", str(count), str(first)], stdout=subprocess.PIPE
    )
    found = subprocess.Popen(
        [node, HERE / "compare.js"], stdin=made.stdout, stdout=subprocess.PIPE, text=True
    )
    made.stdout.close()
    return made, found


@pytest.fixture(scope="module")
def tally(node):
    """What was compared, and all that differs."""
    whole = GRAPHS + FAMOUS
    starts = [whole * i // PROCESSES - FAMOUS for i in range(PROCESSES + 1)]
    pairs = [compared(node, a, b - a) for a, b in itertools.pairwise(starts)]
    answers = [json.loads(found.communicate()[0]) for _, found in pairs]
    assert [made.wait() for made, _ in pairs] == [0] * PROCESSES
    return {key: sum((a[key] for a in answers[1:]), answers[0][key]) for key in answers[0]}


def test_all_graphs_were_compared_and_nearly_all_can_be_computed_in_the_page(tally):
    assert tally["graphs"] == GRAPHS + FAMOUS
    assert tally["refused"] < GRAPHS / 100
    assert tally["moves"] > 2.9 * GRAPHS


def test_every_call_gives_what_pythons_kernel_gives_and_every_trace_is_pythons(tally):
    wrong = [f"{each['name']}, move {each['move']}: {each['what']}" for each in tally["mismatches"]]
    assert not wrong, "\n".join(wrong[:20])


def test_every_element_of_the_pictures_that_were_laid_out_looks_as_in_python(tally):
    # What differs stands among the mismatches.
    assert tally["styles"] > 20 * GRAPHS


def test_rounding_hardly_ever_changes_more_than_the_last_digits(tally):
    flipped = {(each["name"], each["move"]) for each in tally["flips"]}
    assert len(flipped) < tally["moves"] / 100


def test_the_page_in_the_documentation_computes_its_example(node, tmp_path):
    text = (HERE.parent.parent / "docs" / "program.md").read_text("utf-8")
    [program], [script] = (
        re.findall(rf"```{k}\n(.*?)```", text, re.DOTALL) for k in ("json", "js")
    )
    page = tmp_path / "page.mjs"
    page.write_text(f"const program = {program};\n{script}", "utf-8")
    said = subprocess.run([node, page], capture_output=True, text=True, check=True).stdout
    assert said == "6 10 null\n"


SAMPLE = 60
#: A name that no server has: the page's modules come from the disk.
SITE = "http://nbgrad.test"


def test_a_browser_finds_what_node_finds(browser):
    lines = subprocess.run(
        [sys.executable, HERE / "cases.py", "-", str(SAMPLE)], stdout=subprocess.PIPE, text=True
    ).stdout.splitlines()
    context = browser.new_context()
    context.route(f"{SITE}/**", serve)
    page = context.new_page()
    page.goto(f"{SITE}/")
    compare = """async (lines) => {
        const { compareCase, tally } = await import("/tests/page/comparing.js");
        lines.forEach((line) => compareCase(JSON.parse(line)));
        return tally;
    }"""
    tally = page.evaluate(compare, lines)
    context.close()
    assert tally["graphs"] == SAMPLE
    assert tally["mismatches"] == []


def serve(route):
    """A file of the project, or an empty page."""
    path = HERE.parent.parent / route.request.url.removeprefix(f"{SITE}/")
    script = path.suffix == ".js"
    kind = "text/javascript" if script else "text/html"
    route.fulfill(body=path.read_text("utf-8") if script else "<!doctype html>", content_type=kind)
