"""Every lesson in a real JupyterLab: it runs, what can be moved moves, answers are checked."""

import re
from pathlib import Path

import pytest
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

LESSONS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

# What stands in some elements, and where their middles are in their explorer, which may scroll.
PLACED = """(elements) => elements.map((each) => {
  const { x, y, width, height } = each.getBoundingClientRect();
  const root = each.closest(".nbgrad-explorer").getBoundingClientRect();
  return [each.textContent, x + width / 2 - root.x, y + height / 2 - root.y];
})"""


@pytest.mark.parametrize("name", LESSONS)
def test_it_runs_and_every_explorer_in_it_answers(open_notebook, name):
    lesson = open_notebook(name)
    lesson.run_all()
    expect(lesson.page.locator(".nbgrad-page:not([data-live])")).to_have_count(0)
    explorers = lesson.page.locator(".nbgrad-explorer").filter(visible=True)
    for number in range(explorers.count()):
        explorer = ExplorerOnPage(lesson.page, number)
        expect(explorer.step_line).not_to_be_empty()
        if explorer.root.locator("input.prediction").count():
            predict(explorer)
        move(explorer)


def predict(explorer):
    """Answer a question about a number once wrong and once right; about an array only wrong."""
    fields = explorer.root.locator("input.prediction")
    explorer.settle()
    wanted = numbers_behind(explorer, fields.evaluate_all(PLACED))
    number = next((n for n, each in enumerate(wanted) if each), 0)
    for answer, score in (("123456", "0 of "), (wanted[number], "1 of ")):
        if not answer:
            break
        fields.nth(number).fill(answer)
        fields.nth(number).press("Enter")
        expect(explorer.step_line).to_contain_text(score)
    explorer.root.locator("[data-node]").first.press("h")
    expect(fields).to_have_count(0)


def numbers_behind(explorer, places):
    """What is to be typed into fields, from what shows when nothing is hidden; "" for arrays."""

    def behind(place):
        found = (text for text, x, y in shown if abs(x - place[1]) < 60 and abs(y - place[2]) < 8)
        return next(found, "")

    fields, card = explorer.root.locator("input.prediction"), explorer.root.locator("[data-node]")
    card.first.press("h")
    expect(fields).to_have_count(0)
    explorer.settle()
    shown = explorer.root.locator('[data-id$=".adjoint"] > text').evaluate_all(PLACED)
    card.first.press("h")
    expect(fields).to_have_count(len(places))
    numbers = map(behind, places)
    return ["None" if "None" in each else each.replace("−", "-") for each in numbers]


def move(explorer):
    """One of each kind of control, and back again."""
    numbers = explorer.root.locator("[role=spinbutton]:not(.cell-hit)")
    if numbers.count():
        before = numbers.last.get_attribute("aria-valuenow")
        numbers.last.press("ArrowUp")
        expect(numbers.last).not_to_have_attribute("aria-valuenow", before)
        numbers.last.press("ArrowDown")
        expect(numbers.last).to_have_attribute("aria-valuenow", before)
        numbers.last.blur()  # its slider may stand on a valve
    valve = explorer.root.get_by_role("switch").first
    if valve.count():
        was = valve.get_attribute("aria-checked")
        for checked in ("false" if was == "true" else "true", was):
            valve.click()
            expect(valve).to_have_attribute("aria-checked", checked)
    for name, place in (("first step", "step 0 of "), ("last step", "all ")):
        if place not in explorer.readout.inner_text():
            explorer.press(name)
        expect(explorer.readout).to_contain_text(place)


# Both plots as they are on the page at some time.
COLLECT = """() => {
  globalThis.seen = new Set();
  new MutationObserver(() => {
    for (const plot of document.querySelectorAll(".nb-plot > svg")) seen.add(plot.outerHTML);
  }).observe(document.body, { childList: true, subtree: true });
}"""


def test_the_loss_and_the_boundary_are_seen_to_move_while_the_network_trains(open_notebook):
    lesson = open_notebook("12_train_a_network.ipynb")
    lesson.page.evaluate(COLLECT)
    lesson.run_all()
    ExplorerOnPage(lesson.page).settle()
    seen = lesson.page.evaluate("[...seen]")
    losses = {loss for plot in seen for loss in re.findall(r"loss, at last ([\d.]+)<", plot)}
    assert len(losses) >= 3  # at first, meanwhile, and at the end
    boards = [plot for plot in seen if ">class 0<" in plot]
    assert len(boards) >= 4  # the points above, and the board as often
