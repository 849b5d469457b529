"""Lesson 00 in a real JupyterLab, as a learner meets it: by mouse, by keyboard, by eye."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

LESSON = "00_start_here.ipynb"

# The explorers of the lesson, in their order; those between them are to be predicted.
GUESS, EXPLORER, TWO, HELD = 0, 1, 3, 5

# The nodes of f = p·y + (y + 2), p = x·x, in the order of their creation.
X, Y, P, Q, R, F = "n0", "n1", "n2", "n3", "n5", "n6"


@pytest.fixture
def lesson(open_notebook):
    notebook = open_notebook(LESSON)
    notebook.run_all()
    return notebook


@pytest.fixture
def explorer(lesson):
    return ExplorerOnPage(lesson.page, EXPLORER)


def test_the_picture_shows_the_hand_calculation(explorer):
    for node, value, adjoint in (
        (X, "3", "24"),
        (Y, "4", "10"),
        (P, "9", "4"),
        (Q, "36", "1"),
        (R, "6", "1"),
        (F, "42", "1"),
    ):
        expect(explorer.number(node, "value")).to_have_text(value)
        expect(explorer.number(node, "adjoint")).to_have_text(adjoint)
    explorer.shows("24.0", "10.0")


def test_dragging_a_number_moves_every_adjoint(explorer):
    explorer.drag("x", -320)
    # From 3, 80 steps of a tenth: f = 25·4 + 4 + 2.
    expect(explorer.number(F, "value")).to_have_text("106")
    expect(explorer.number(X, "adjoint")).to_have_text("−40")
    explorer.shows("-40.0", "26.0")
    explorer.has({"x": -5})


def test_the_arrow_keys_step_a_number_and_nothing_else_in_jupyterlab(explorer):
    explorer.input("x").focus()
    explorer.page.keyboard.press("ArrowUp")
    expect(explorer.number(X, "value")).to_have_text("3.1")
    expect(explorer.number(X, "adjoint")).to_have_text("24.8")
    expect(explorer.input("x")).to_be_focused()


def test_a_typed_seed_scales_what_comes_back(explorer):
    explorer.type("seed of f", "2")
    explorer.shows("48.0", "20.0")
    expect(explorer.code).to_contain_text("grad_ys=[2.0]")
    expect(explorer.number(F, "adjoint")).to_have_text("2")


def test_an_entry_that_is_no_number_says_so_and_the_picture_stays(explorer):
    explorer.type("x", "three")
    expect(explorer.complaints).to_have_text("“three” is no number; x stays 3")
    expect(explorer.number(X, "adjoint")).to_have_text("24")
    explorer.type("y", "5")
    explorer.shows("30.0", "10.0")
    explorer.field("x").fill("5")
    explorer.field("x").press("Enter")
    expect(explorer.complaints).to_have_count(0)
    explorer.shows("50.0", "26.0")


def test_a_click_on_a_valve_stops_the_gradient_there(explorer):
    explorer.valve("p").click()
    explorer.shows("10.0")  # x has none
    expect(explorer.code).to_contain_text("stop_gradients=[p]")
    expect(explorer.number(X, "adjoint")).to_contain_text("None")
    expect(explorer.valve("p")).to_have_attribute("aria-checked", "true")
    explorer.valve("p").click()
    explorer.shows("24.0", "10.0")


def test_the_keyboard_walks_the_graph_and_stops_a_node(explorer):
    explorer.input("x").focus()
    explorer.page.keyboard.press("Alt+ArrowRight")
    expect(explorer.card("p")).to_be_focused()
    explorer.page.keyboard.press("Alt+ArrowRight")
    expect(explorer.card("q")).to_be_focused()
    explorer.page.keyboard.press("s")
    explorer.is_stopped("q")
    explorer.page.keyboard.press("Alt+ArrowLeft")
    expect(explorer.card("p")).to_be_focused()


def test_the_steps_lead_through_both_passes_and_back(explorer):
    value, adjoint = explorer.number(P, "value"), explorer.number(X, "adjoint")
    readout = explorer.readout
    explorer.press("first step")
    expect(readout).to_have_text("step 0 of 14")
    expect(value).to_be_hidden()
    expect(adjoint).to_be_hidden()
    explorer.press("one step forward")
    expect(value).to_be_visible()
    expect(explorer.step_line).to_contain_text("p = x · x = 3 · 3 = 9")
    for k in range(2, 15):
        explorer.press("one step forward")
        expect(readout).to_have_text(f"step {k} of 14")
    expect(explorer.step_line).to_contain_text("df/dx gets 4 · 3 = 12, so 12 + 12 = 24")
    expect(adjoint).to_be_visible()
    explorer.press("one step back")
    expect(adjoint).to_be_hidden()
    explorer.press("last step")
    expect(readout).to_have_text("all 14 steps")
    expect(explorer.number(Y, "adjoint")).to_have_text("10")


def test_all_steps_stay_all_of_them_when_a_stop_is_lifted(explorer):
    readout = explorer.readout
    explorer.valve("p").click()
    expect(readout).to_have_text("all 12 steps")
    explorer.valve("p").click()
    expect(readout).to_have_text("all 14 steps")


def test_a_number_that_is_only_begun_is_no_mistake_yet(explorer):
    explorer.input("x").focus()
    explorer.page.keyboard.press("-")
    expect(explorer.complaints).to_have_count(0)
    explorer.page.keyboard.press("3")
    explorer.page.keyboard.press("Enter")
    explorer.shows("-24.0", "10.0")


def test_without_its_kernel_it_goes_on(lesson, explorer):
    lesson.end_kernel()
    explorer.type("x", "5")
    explorer.shows("40.0", "26.0")
    explorer.valve("p").click()
    explorer.shows("26.0")
    expect(explorer.message).to_be_hidden()


def test_play_reaches_the_end_by_itself(explorer):
    explorer.root.get_by_role("slider", name="step").fill("13")
    explorer.press("play")
    expect(explorer.readout).to_have_text("all 14 steps")
    expect(explorer.root.get_by_role("button", name="play", exact=True)).to_be_visible()


def test_two_results_are_added_with_their_seeds(lesson):
    explorer = ExplorerOnPage(lesson.page, TWO)
    explorer.shows("10.0", "3.0")
    explorer.type("seed of g", "2")
    explorer.shows("14.0", "6.0")
    explorer.type("seed of g", "0")
    explorer.shows("6.0", "0.0")


def test_holding_b_still_turns_the_total_derivative_into_the_partial_one(lesson):
    explorer = ExplorerOnPage(lesson.page, HELD)
    explorer.shows("3.0", "1.0")
    explorer.valve("b").click()
    explorer.shows("1.0", "1.0")


def test_an_adjoint_is_predicted_once_wrong_and_once_right(lesson):
    explorer = ExplorerOnPage(lesson.page, GUESS)
    field = explorer.root.get_by_label("predict df/dy")
    expect(explorer.step_line).to_contain_text("0 of 5 right")
    field.fill("9")
    field.press("Enter")
    expect(explorer.step_line).to_contain_text("0 of 5 right")
    explorer.root.get_by_label("predict df/dy").fill("10")
    explorer.root.get_by_label("predict df/dy").press("Enter")
    expect(explorer.step_line).to_contain_text("1 of 5 right")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_inside_the_widget(open_notebook, theme):
    notebook = open_notebook(LESSON, theme)
    notebook.run_all()
    ExplorerOnPage(notebook.page, EXPLORER).shows("24.0", "10.0")
    results = Axe().run(notebook.page, context=".nbgrad-explorer")
    assert results.violations_count == 0, results.generate_report()


def test_nothing_on_the_picture_moves_while_numbers_do(explorer):
    places = """root => [...root.querySelectorAll('[data-node] > rect')]
        .map((rect) => rect.getBoundingClientRect())
        .map(({ x, y, width, height }) => [x, y - root.getBoundingClientRect().y, width, height])"""
    before = explorer.root.evaluate(places)
    explorer.type("x", "123456789")
    expect(explorer.number(X, "value")).to_contain_text("1.235e8")
    after = explorer.root.evaluate(places)
    assert after == before
