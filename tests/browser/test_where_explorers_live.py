"""An explorer is alive wherever its notebook goes: without its kernel, reopened, converted."""

import json
import subprocess
import sys
from urllib.request import Request, urlopen

import nbformat
import pytest
from explorer_on_page import ExplorerOnPage
from notebook_page import FRONT_ENDS
from playwright.sync_api import expect

import nbgrad as tf

TWO = [
    """
import nbgrad as tf
x, y = tf.Variable(3.0, name="x"), tf.Variable(4.0, name="y")
f = tf.multiply(tf.multiply(x, x, name="a"), y, name="f")
explorer = tf.explore(f, [x, y])
explorer""",
    "tf.explore(tf.add(x, y, name='g'))",
]

everywhere = pytest.mark.parametrize("front_end", FRONT_ENDS)


def adjoint_of_x(explorer):
    return explorer.number("n0", "adjoint")


@pytest.fixture
def notebook(run_cells):
    return run_cells("living", *TWO)


@everywhere
def test_a_notebook_shows_each_explorer_once(notebook):
    page = notebook.page
    expect(page.locator(".nbgrad-explorer:visible")).to_have_count(2)
    expect(page.locator(".nbgrad-page[data-live]")).to_have_count(2)
    expect(page.locator(".jp-OutputArea-output")).to_have_count(2)
    assert page.evaluate("Object.keys(globalThis.nbgrad).length") == 1  # one copy of the modules


@everywhere
def test_python_and_the_page_are_in_step(notebook):
    page, explorer = notebook.page, ExplorerOnPage(notebook.page)
    explorer.type("x", "5")
    expect(adjoint_of_x(explorer)).to_have_text("40")
    run = "explorer.value[y] = 10 * explorer.value[x]; explorer.stop('a'); explorer.seed(f, 2)"
    page.evaluate(
        """async (code) => {
        const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
        await kernel.requestExecute({ code }).done;
    }""",
        run,
    )
    expect(adjoint_of_x(explorer)).to_contain_text("None")
    expect(explorer.number("n1", "value")).to_have_text("50")
    expect(explorer.number("n3", "value")).to_have_text("1250")
    expect(explorer.number("n1", "adjoint")).to_have_text("50")


def test_views_and_linked_explorers_move_together(run_cells):
    link = """
import ipywidgets
other = tf.explore(tf.subtract(x, y, name="d"), [x, y])
ipywidgets.jslink((explorer, "inputs"), (other, "inputs"))
other"""
    page = run_cells("linked", TWO[0], "explorer", link).page
    first, second, linked = (ExplorerOnPage(page, number) for number in range(3))
    second.type("x", "5")
    expect(adjoint_of_x(first)).to_have_text("40")
    expect(linked.number("n2", "value")).to_have_text("1")
    linked.type("y", "2")
    expect(adjoint_of_x(second)).to_have_text("20")
    first.valve("a").click()
    second.is_stopped("a")


def test_what_the_page_cannot_compute_python_answers(run_cells):
    asked = """
import nbgrad as tf
x = tf.Variable(3.0, name="x")
tf.explore(tf.real(tf.complex(tf.multiply(x, x, name="a"), x), name="f"), x)"""
    notebook = run_cells("foreign", asked)
    explorer = ExplorerOnPage(notebook.page)
    expect(explorer.message).to_contain_text("The page cannot compute")
    explorer.type("x", "5")
    expect(adjoint_of_x(explorer)).to_have_text("10")
    explorer.valve("a").click()
    expect(adjoint_of_x(explorer)).to_have_text("0")
    explorer.valve("a").click()
    notebook.page.get_by_role("button", name="tape", exact=True).click()
    expect(adjoint_of_x(explorer)).to_have_text("10")
    explorer.type("x", "4")
    expect(adjoint_of_x(explorer)).to_have_text("8")


def test_a_drag_moves_every_number_without_a_kernel(notebook):
    explorer = ExplorerOnPage(notebook.page)
    expect(adjoint_of_x(explorer)).to_have_text("24")
    notebook.end_kernel()
    explorer.drag("x", 20)
    expect(adjoint_of_x(explorer)).not_to_have_text("24")
    explorer.type("x", "5")
    expect(adjoint_of_x(explorer)).to_have_text("40")
    explorer.valve("a").click()
    expect(adjoint_of_x(explorer)).to_contain_text("None")


@everywhere
def test_a_reopened_notebook_is_alive(notebook, open_notebook):
    notebook.command("docmanager:save")
    notebook.end_kernel()
    reopened = open_notebook("living.ipynb")
    explorer = ExplorerOnPage(reopened.page)
    explorer.type("x", "5")
    expect(adjoint_of_x(explorer)).to_have_text("40")
    expect(reopened.page.locator(".nbgrad-explorer:visible")).to_have_count(2)
    assert not reopened.errors


@everywhere
def test_a_page_that_is_loaded_again_is_in_step_with_the_kernel_again(notebook):
    ExplorerOnPage(notebook.page).type("x", "5")
    notebook.wait_until_python_says("np.float32(5.0)", "explorer.value[x]")
    notebook.command("docmanager:save")
    notebook.reload()
    expect(notebook.page.locator("[data-id='n0.adjoint'] > text").first).to_have_text("40")
    explorer = ExplorerOnPage(notebook.page)
    explorer.type("y", "1")
    expect(adjoint_of_x(explorer)).to_have_text("10")
    notebook.wait_until_python_says("np.float32(1.0)", "explorer.value[y]")


@pytest.fixture
def executed(tmp_path):
    """A notebook after its run."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    slide = {"slideshow": {"slide_type": "slide"}}
    notebook.cells = [nbformat.v4.new_code_cell(cell, metadata=slide) for cell in TWO]
    path = tmp_path / "living.ipynb"
    nbformat.write(notebook, path)
    convert(path, "notebook", "--execute", "--inplace")
    return path


def convert(path, form, *options):
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", form, *options, path]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("keeps_widgets", [True, False])
@pytest.mark.parametrize("form", ["html", "slides"])
def test_a_converted_notebook_is_alive_without_a_network(browser, executed, form, keeps_widgets):
    if not keeps_widgets:  # as JupyterLab saves it
        notebook = nbformat.read(executed, 4)
        del notebook.metadata["widgets"]
        nbformat.write(notebook, executed)
    convert(executed, form)
    context = browser.new_context(offline=True, viewport={"width": 1000, "height": 800})
    page = context.new_page()
    page.goto(executed.with_suffix(".slides.html" if form == "slides" else ".html").as_uri())
    explorer = ExplorerOnPage(page)
    explorer.type("x", "5")
    expect(adjoint_of_x(explorer)).to_have_text("40")
    expect(page.locator(".nbgrad-explorer:visible")).to_have_count(2)
    context.close()


@pytest.mark.parametrize("hide", ["", "adjoints"])
def test_a_notebook_that_nobody_trusts_shows_a_still_picture(lab, open_notebook, hide):
    with tf.Graph().as_default():
        x = tf.Variable(3.0, name="x")
        bundle = tf.explore(tf.multiply(x, x, name="f"), x, hide=hide)._repr_mimebundle_()
    widget = {name: bundle.pop(name) for name in [*bundle] if "widget" in name}
    cell = nbformat.v4.new_code_cell("explorer", execution_count=1)
    outputs = (bundle, {**widget, "text/html": ""})
    cell.outputs = [nbformat.v4.new_output("display_data", data) for data in outputs]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    content = json.dumps({"type": "notebook", "content": notebook}).encode()
    address, kind = lab.address("api/contents/foreign.ipynb"), {"Content-Type": "application/json"}
    urlopen(Request(address, content, kind, method="PUT")).close()
    page = open_notebook("foreign.ipynb").page
    picture = page.locator(".jp-OutputArea-output img")
    expect(picture).to_be_visible()
    page.wait_for_function("(image) => image.naturalWidth > 0", arg=picture.element_handle())
    assert page.locator(".jp-OutputArea").inner_text().strip() == ""
