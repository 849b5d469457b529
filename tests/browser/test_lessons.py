"""Every lesson in a real JupyterLab: it runs, what can be moved moves, answers are checked."""

from pathlib import Path

import pytest
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

LESSONS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

# The adjoint that stands where a field stood.
NEAREST = """(texts, { x, y, width, height }) => {
  const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
  const at = middle({ x, y, width, height });
  const away = (text) => {
    const [left, top] = middle(text.getBoundingClientRect());
    return Math.hypot(left - at[0], top - at[1]);
  };
  return texts.sort((a, b) => away(a) - away(b))[0].textContent;
}"""


@pytest.mark.parametrize("name", LESSONS)
def test_it_runs_and_every_explorer_in_it_answers(open_notebook, name):
    lesson = open_notebook(name)
    lesson.run_all()
    for number in range(lesson.page.locator(".nbgrad-explorer").count()):
        explorer = ExplorerOnPage(lesson.page, number)
        expect(explorer.step_line).not_to_be_empty()
        if explorer.root.locator("input.prediction").count():
            predict(explorer)
        move(explorer)


def predict(explorer):
    """Answer the first question once wrong and once right."""
    name = explorer.root.locator("input.prediction").first.get_attribute("aria-label")
    field = explorer.root.get_by_label(name, exact=True)
    wanted = adjoint_behind(explorer, field)
    for answer, score in (("123456", "0 of "), (wanted, "1 of ")):
        field.fill(answer)
        field.press("Enter")
        expect(explorer.step_line).to_contain_text(score)
    explorer.root.locator("[data-node]").first.press("h")
    expect(explorer.root.locator("input.prediction")).to_have_count(0)


def adjoint_behind(explorer, field):
    """What is to be typed into a field, from what shows when nothing is hidden."""
    place, card = field.bounding_box(), explorer.root.locator("[data-node]").first
    card.press("h")
    expect(field).to_have_count(0)
    texts = explorer.root.locator('[data-id$=".adjoint"] > text')
    shown = texts.evaluate_all(NEAREST, place)
    card.press("h")
    expect(field).to_be_visible()
    return "None" if "None" in shown else shown.replace("−", "-")


def move(explorer):
    """One of each kind of control, and back again."""
    numbers = explorer.root.get_by_role("spinbutton")
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
