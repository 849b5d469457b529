"""Keys that an explorer uses go no further: JupyterLab would stop kernels and delete cells."""

from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

CELLS = """
import ipywidgets
import nbgrad as ng
x, y = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="y")
explorer = ng.explore(ng.multiply(ng.square(x, name="a"), y, name="f"), [x, y])
explorer
"""
ANSWERS = """
label = ipywidgets.Label("nothing yet")
explorer.observe(lambda _: setattr(label, "value", repr(explorer.answers)), "answers")
label
"""
KEYS = ("x", "0", "0", "d", "d", "a", "b", "m", "i", "i", "ArrowDown", "Space", "Space", "h", "h")


def test_no_key_leaks_and_a_notebook_is_still_saved(run_cells):
    page = run_cells("keys", CELLS, ANSWERS).page
    explorer = ExplorerOnPage(page)
    cells = page.locator(".jp-Notebook-cell")
    before = cells.count()
    step = explorer.root.get_by_role("slider", name="step", exact=True)
    for place in (explorer.card("a"), explorer.input("x"), step):
        for key in KEYS:
            place.focus()
            page.keyboard.press(key)
        page.keyboard.press("Escape")
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    expect(cells).to_have_count(before)
    explorer.card("a").focus()
    page.evaluate("addEventListener('keydown', (event) => (window.last = event), true)")
    page.keyboard.press("Control+s")
    assert page.evaluate("window.last.defaultPrevented")  # by JupyterLab, which saves
    expect(explorer.root.locator("[data-stopped]")).to_have_count(0)


def test_python_knows_what_was_predicted(run_cells):
    page = run_cells("predicted", CELLS, ANSWERS).page
    explorer = ExplorerOnPage(page)
    explorer.card("a").focus()
    page.keyboard.press("h")
    for text in ("12", "24"):
        field = explorer.root.get_by_role("textbox", name="predict df/dx", exact=True)
        field.fill(text)
        field.press("Enter")
    said = page.locator(".jupyter-widgets.widget-label")
    expect(said).to_have_text("{'x': {'typed': '24', 'right': True}}")
