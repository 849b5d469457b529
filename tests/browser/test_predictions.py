"""Hidden gradients are typed and checked: on cards, in overviews, and where Python computes."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.explorer_on_page import ExplorerOnPage, answer, begin
from tests.page.explorer_page import deep, foreign, layer, square


def fields(explorer):
    return explorer.root.locator(".prediction")


def marks(explorer, sign):
    return explorer.root.locator(f".mark.{sign}")


def test_what_is_to_be_predicted_is_nowhere_on_the_page(opened):
    explorer = opened()
    begin(explorer)
    expect(explorer.step_line).to_contain_text("0 of 5 right")
    expect(explorer.code).to_contain_text("[?, ?]")
    expect(explorer.card("x").locator("> title")).to_contain_text("df/dx = ?")
    texts = "[...document.querySelectorAll('.nbgrad-explorer')].map(e => e.outerHTML).join()"
    for step in range(14, 0, -1):
        found = re.sub(r'"[^"]*"', "", explorer.page.evaluate(texts))
        given_away = re.search(r".*(\b24\b|\+12|\+9)", found)
        assert not given_away, (step, given_away[0][-90:])
        explorer.press("one step back")


def test_what_is_right_is_shown_and_what_is_wrong_may_be_tried_again(opened):
    explorer = opened()
    begin(explorer)
    answer(explorer, "df/dc", "1")
    expect(explorer.step_line).to_contain_text("1 of 5 right")
    said = explorer.root.locator(".screen-reader-only[role=status]")
    expect(said).to_contain_text("Right: Predict")
    wrong = answer(explorer, "df/dx", "12")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(marks(explorer, "wrong")).to_have_count(1)
    expect(explorer.step_line).to_contain_text("1 of 5 right")
    answer(explorer, "df/dx", "24")
    expect(marks(explorer, "wrong")).to_have_count(0)
    expect(marks(explorer, "right")).to_have_count(2)
    expect(explorer.code).to_contain_text("[24.0, ?]")


def test_the_step_line_says_what_is_known_of_the_field_in_focus(opened):
    explorer = opened()
    begin(explorer)
    answer(explorer, "df/da", "4")
    explorer.root.get_by_role("textbox", name="predict df/dx").focus()
    expect(explorer.step_line).to_contain_text("Predict df/dx")
    expect(explorer.step_line).to_contain_text("?")
    expect(explorer.step_line).not_to_contain_text("24")


def test_an_answer_counts_for_the_numbers_that_it_was_asked_of(opened):
    explorer = opened()
    begin(explorer)
    answer(explorer, "df/da", "4")
    answer(explorer, "df/dc", "1")
    explorer.type("y", "5")
    expect(explorer.step_line).to_contain_text("1 of 5 right")
    expect(explorer.root.get_by_role("textbox", name="predict df/da")).to_have_value("")


def test_that_there_is_no_gradient_is_to_be_found_too(opened):
    explorer = opened()
    explorer.card("a").focus()
    explorer.page.keyboard.press("s")
    begin(explorer)
    answer(explorer, "df/dx", "0")
    expect(marks(explorer, "wrong")).to_have_count(1)
    answer(explorer, "df/dx", "None")
    expect(marks(explorer, "right")).to_have_count(1)


def test_an_array_is_asked_by_cell_or_as_the_one_number_it_holds(opened):
    explorer = opened(layer)
    begin(explorer)
    answer(explorer, "ds/db", "2")
    expect(marks(explorer, "right")).to_have_count(1)
    explorer.root.get_by_role("button", name="predict ds/dW, each element").click()
    for name, text in (("0, 0", "4"), ("0, 1", "4"), ("1, 0", "6"), ("1, 1", "7")):
        explorer.root.get_by_role("textbox", name=f"predict ds/dW, W[{name}]").fill(text)
    explorer.page.keyboard.press("Enter")
    invalid = explorer.root.locator("[aria-invalid=true]")
    expect(invalid).to_have_count(1)
    invalid.fill("6")
    explorer.page.keyboard.press("Enter")
    expect(marks(explorer, "right")).to_have_count(2)


def test_what_is_no_number_is_refused_and_not_counted_as_wrong(opened):
    explorer = opened()
    begin(explorer)
    field = answer(explorer, "df/dx", "abc")
    refusal = explorer.root.locator(".predictions .complaint")
    expect(refusal).to_have_text("“abc” is no number")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("abc")
    expect(field).to_be_focused()
    expect(explorer.root.locator(".mark")).to_have_count(0)
    field.press("2")
    expect(refusal).to_have_count(0)
    answer(explorer, "df/dx", "24")
    expect(marks(explorer, "right")).to_have_count(1)


def test_cells_of_an_array_have_their_own_signs_and_no_answer_is_no_wrong_one(opened):
    explorer = opened(layer)
    begin(explorer)
    explorer.root.get_by_role("button", name="predict ds/dW, each element").click()
    cells = [f"predict ds/dW, W[{i}, {j}]" for i in (0, 1) for j in (0, 1)]
    first, second, _, last = (explorer.root.get_by_role("textbox", name=name) for name in cells)
    first.fill("4")
    first.press("Enter")
    expect(marks(explorer, "open")).to_have_count(1)
    expect(marks(explorer, "wrong")).to_have_count(0)
    second.fill("5")
    second.press("Enter")
    expect(marks(explorer, "open")).to_have_count(0)
    expect(explorer.root.locator(".cell:has(.wrong) input")).to_have_attribute(
        "data-label", "W[0, 1]"
    )
    second.press("Escape")
    sign = marks(explorer, "wrong")
    expect(sign).to_have_count(1)
    grid = explorer.root.locator(".ground > svg [data-id='n1.adjoint.map'] > rect").bounding_box()
    at = sign.bounding_box()
    assert abs(at["x"] + at["width"] / 2 - grid["x"] - grid["width"]) < 4  # the second of two
    assert abs(at["y"] + at["height"] / 2 - grid["y"]) < 4
    explorer.root.get_by_role("button", name="predict ds/dW, each element").click()
    last.fill("one")
    last.press("Enter")
    expect(explorer.root.locator(".predictions .complaint")).to_have_text("“one” is no number")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [878, 640, 400])
def test_predictions_in_a_large_graph_are_accessible_and_reached_by_key(opened, theme, width):
    explorer = opened(deep, hide="adjoints", color_scheme=theme, width=width, height=900)
    explorer.page.keyboard.press("Tab")
    explorer.root.locator(".predictions input").first.focus()
    explorer.page.keyboard.type("0.125")
    explorer.page.keyboard.press("Enter")
    expect(marks(explorer, "wrong")).to_have_count(1)
    explorer.page.keyboard.press("Tab")
    expect(explorer.root.locator(".predictions :focus")).to_have_count(1)
    found = Axe().run(explorer.page)
    assert found.violations_count == 0, found.generate_report()
    assert explorer.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("layout", ["overlay", "mirror", "tape"])
@pytest.mark.parametrize("graph", [square, layer])
def test_no_field_covers_the_name_of_what_it_asks(opened, layout, graph):
    explorer = opened(graph)
    explorer.press(layout)
    explorer.settle()
    explorer.card("z" if graph is layer else "b").first.focus()
    explorer.page.keyboard.press("h")
    explorer.settle()
    names = [each.bounding_box() for each in explorer.root.locator(".total:visible").all()]
    fields = [each.bounding_box() for each in explorer.root.locator(".prediction").all()]
    assert names
    assert fields
    for name in names:
        for field in fields:
            is_beside = field["x"] >= name["x"] + name["width"] - 1 or (
                field["x"] + field["width"] <= name["x"] + 1
            )
            is_above = field["y"] + field["height"] <= name["y"] + 1 or (
                field["y"] >= name["y"] + name["height"] - 1
            )
            assert is_beside or is_above


def test_before_the_first_step_nothing_gives_a_prediction_away(opened):
    explorer = opened()
    begin(explorer)
    explorer.press("first step")
    expect(explorer.code).to_contain_text("[?, ?]")
    answer(explorer, "df/dx", "24")
    expect(explorer.code).to_contain_text("[24.0, ?]")


def test_h_shows_all_and_asks_again(opened):
    explorer = opened()
    begin(explorer)
    answer(explorer, "df/dc", "1")
    explorer.page.keyboard.press("h")
    expect(explorer.root.locator(".prediction")).to_have_count(0)
    expect(explorer.code).to_contain_text("[24.0, 10.0]")
    explorer.card("a").focus()
    explorer.page.keyboard.press("h")
    expect(explorer.step_line).to_contain_text("1 of 5 right")


# Overviews ---------------------------------------------------------------------------------------


def test_an_overview_asks_for_the_numbers_that_it_shows_and_gives_none_away(opened):
    explorer = opened(deep, hide="adjoints")
    expect(fields(explorer)).to_have_count(12)
    expect(explorer.step_line).to_contain_text("0 of 12 right")
    for _ in range(3):
        words = explorer.root.locator(".ground").inner_text()
        titles = explorer.root.locator(".ground title").all_text_contents()
        said = " ".join([words, *titles, explorer.step_line.inner_text()])
        assert not re.search(r"1\.35|0\.263|0\.126|1\.06|largest \||no gradient", said), said
        explorer.press("one step back")
    explorer.press("last step")
    answer(explorer, "dloss/dw₂", "0.125")
    expect(marks(explorer, "wrong")).to_have_count(1)
    answer(explorer, "dloss/dw₂", "-0.125")
    expect(marks(explorer, "wrong")).to_have_count(0)
    expect(marks(explorer, "right")).to_have_count(1)
    expect(explorer.root.locator("[data-id='n6.number']")).to_have_text("−0.1249")
    expect(explorer.step_line).to_contain_text("1 of 12 right")


def test_once_all_that_an_overview_asks_is_found_so_is_the_rest(opened):
    explorer = opened(deep, hide="adjoints")
    group = explorer.root.locator("[data-id$='/1.number']")
    expect(group).to_have_text("·")
    found = {"w₁": -0.26350284, "b₁": -1.0626864, "w₂": -0.12494724, "b₂": -1.2802265}
    found |= {"w₃": 0.024223045, "b₃": -1.3530929, "w₄": 0.16799921, "b₄": -1.3177989}
    found |= {"w₅": 0.31267232, "b₅": -1.2411965, "w₆": 0.49358895}
    for label, number in found.items():
        answer(explorer, f"dloss/d{label}", f"{number}")
    expect(group).to_have_text("·")
    explorer.root.get_by_role("button", name="predict dloss/dx, each element").click()
    for cell, text in (("x[0, 0]", "-0.544"), ("x[0, 1]", "-0.306")):
        explorer.root.get_by_role("textbox", name=f"predict dloss/dx, {cell}").fill(text)
    explorer.page.keyboard.press("Enter")
    expect(explorer.step_line).to_contain_text("12 of 12 right")
    expect(group).to_contain_text("max 1.28")
    expect(explorer.root.locator("[data-id='overview.ends']")).to_contain_text("largest")


@pytest.mark.parametrize("graph", [square, deep, layer])
def test_a_finger_has_room_for_every_field(opened, graph):
    explorer = opened(graph, hide="adjoints", has_touch=True, is_mobile=True)
    for field in fields(explorer).all():
        assert field.bounding_box()["height"] >= 24
    opener = explorer.root.get_by_role("button", name=re.compile("each element"))
    if opener.count():
        opener.first.tap()
        for field in explorer.root.locator(".prediction-grid .prediction").all():
            assert field.bounding_box()["height"] >= 24


def test_cards_too_small_for_fields_say_to_zoom_in(opened):
    explorer = opened(deep, hide="adjoints")
    explorer.press("zoom in")
    expect(explorer.root.locator(".zoom-percent")).not_to_have_text("all")
    expect(fields(explorer).filter(visible=True)).to_have_count(0)
    expect(explorer.step_line).to_contain_text("zoom in")
    for _ in range(5):
        explorer.press("zoom in")
    expect(fields(explorer).filter(visible=True).first).to_be_visible()
    expect(explorer.step_line).to_contain_text("0 of 32 right")


# Where Python computes ---------------------------------------------------------------------------


def test_what_python_computes_is_hidden_and_checked_in_the_page(opened):
    explorer = opened(foreign, hide="adjoints")
    expect(explorer.step_line).to_contain_text("0 of 3 right")
    for _ in range(15):
        found = explorer.root.locator(".ground").inner_text() + explorer.step_line.inner_text()
        assert not re.search("−12|−9", found)
        assert "?" in explorer.code.inner_text()
        explorer.press("one step back")
    explorer.press("last step")
    answer(explorer, "df/dx", "12")
    expect(marks(explorer, "wrong")).to_have_count(1)
    answer(explorer, "df/dx", "-12")
    expect(marks(explorer, "right")).to_have_count(1)
    expect(explorer.code).to_contain_text("[-12.0, ?]")
    answer(explorer, "df/dy", "-9")
    expect(explorer.number("n4", "adjoint")).to_have_text("?")
    answer(explorer, "df/da", "-3")
    expect(explorer.code).to_contain_text("[-12.0, -9.0]")
    expect(explorer.number("n4", "adjoint")).to_have_text("(0−3j)")  # which nobody could have typed


def test_python_knows_what_was_typed_for_what_it_computes(run_cells):
    cell = """
import nbgrad as tf
x = tf.Variable(3.0, name="x")
f = tf.real(tf.complex(x, 0.0) * tf.complex(x, 0.0), name="f")
explorer = tf.explore(f, [x], hide="adjoints")
from ipywidgets import Label, VBox
label = Label()
explorer.observe(lambda change: setattr(label, "value", str(change.new)), "answers")
VBox([explorer, label])"""
    notebook = run_cells("foreign", cell)
    explorer = ExplorerOnPage(notebook.page)
    answer(explorer, "df/dx", "6")
    expect(marks(explorer, "right")).to_have_count(1)
    explorer.type("x", "5")
    expect(explorer.number("n0", "value")).to_have_text("5")
    expect(marks(explorer, "right")).to_have_count(0)  # it was right for another number
    answer(explorer, "df/dx", "11")
    expect(marks(explorer, "wrong")).to_have_count(1)
    answer(explorer, "df/dx", "10")
    expect(marks(explorer, "right")).to_have_count(1)
    known = notebook.page.locator(".widget-label:visible")
    expect(known).to_have_text("{'x': {'typed': '10', 'right': True}}")
