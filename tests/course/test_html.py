"""Words, formulas, code and outputs of a lesson become HTML that needs no script."""

import re

import nbformat

from course.html import code_html, markdown_html, outputs_html


def test_formulas_are_mathml():
    html = markdown_html(
        "Let $b = 2a$. How does $\\frac{\\partial f}{\\partial x}$ change?\n\n$$a_1$$"
    )
    assert html.count("<math") == 3
    assert 'display="block"' in html
    assert "<mfrac>" in html
    seen = re.sub(r"<[^>]*>", "", html)
    assert "$" not in seen
    assert "\\" not in seen


def test_no_line_breaks_between_a_formula_and_its_full_stop():
    assert "</math>.</span>" in markdown_html("It is $x^2$.")
    assert "kept" not in markdown_html("It is $x^2$ here")


def test_tables_and_what_opens_stay():
    html = markdown_html(
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n<details><summary>s</summary>\n\n*t*\n\n</details>"
    )
    assert "<td>1</td>" in html
    assert "<details>" in html
    assert "<em>t</em>" in html


def test_code_is_coloured_and_escaped():
    html = code_html('a = "<b>"')
    assert "&lt;b&gt;" in html
    assert "<span" in html


def test_what_is_printed_is_one_block_and_html_is_itself():
    new = nbformat.v4.new_output
    cell = nbformat.v4.new_code_cell(
        "",
        outputs=[
            new("stream", text="one\n"),
            new("stream", text="two\n"),
            new("display_data", {"text/html": "<b>three</b>", "text/plain": "3"}),
            new("execute_result", {"text/plain": "<four>"}),
        ],
    )
    html = outputs_html(cell)
    assert html.count("<pre") == 2
    assert "one\ntwo" in html
    assert "<b>three</b>" in html
    assert "&lt;four&gt;" in html


def test_primes_slashes_and_functions_are_set_as_in_a_book():
    html = markdown_html("$h'/h''$ and $\\ln 2$ and $\\sin^2 x$ and $\\cos(x)$")
    assert ">′</mo>" in html
    assert ">″</mo>" in html
    assert "msup><mi>h" not in html
    assert html.count("<mspace") == 2
