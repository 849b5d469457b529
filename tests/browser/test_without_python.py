"""What an explorer says where Python is silent, and asks of it: here the page plays Python."""

import pytest
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

import nbgrad as ng

START = """async ([state, canAnswer]) => {
  const { render } = await Object.values(globalThis.nbgrad)[0];
  const callbacks = new Map();
  globalThis.sent = [];
  globalThis.model = {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      for (const callback of callbacks.get(`change:${name}`) ?? []) callback();
    },
    save_changes() {},
    on: (event, callback) =>
      callbacks.set(event, (callbacks.get(event) ?? new Set()).add(callback)),
    off: (event, callback) => callbacks.get(event)?.delete(callback),
    ...(canAnswer ? { send: (message) => sent.push(message) } : {}),
  };
  document.querySelector("main").replaceChildren(document.createElement("div"));
  render({ model, el: document.querySelector("main > div") });
}"""
NARROW = {"width": 360, "layout": "overlay", "opened": []}


def squared():
    x = ng.Variable(3.0, name="x")
    return ng.square(x, name="f"), x


def without_kernel_in_the_page():
    """A question with a type of operation of its own, which no page can compute."""
    x = ng.Variable(3.0, name="x")
    return ng.py_func(lambda v: 2 * v, [x], ng.float32, name="f"), x


@pytest.fixture
def start(browser, tmp_path):
    pages = []

    def start(graph, can_answer=True, width=900, **changes):
        with ng.Graph().as_default():
            explorer = ng.explore(*graph())
            path = explorer.save(tmp_path / "page.html")
            state = {**explorer._page_state(every=False), **changes}
            state["views"] = {key: v for key, v in state["views"].items() if key[:3] == "878"}
        pages.append(browser.new_page(viewport={"width": width, "height": 600}))
        page = pages[-1]
        page.clock.install()
        page.goto(path.as_uri())
        page.wait_for_function("globalThis.nbgrad")
        page.evaluate(START, [state, can_answer])
        return ExplorerOnPage(page)

    yield start
    for page in pages:
        page.close()


def test_a_view_that_is_not_there_is_asked_for_and_shown_when_it_comes(start):
    explorer = start(squared, width=400)
    [sent] = explorer.page.evaluate("sent")
    assert sent["want"].pop("page")  # the name of this page
    assert sent == {"want": NARROW}
    explorer.page.evaluate("""() => {
        const [view] = Object.values(model.get("views"));
        const narrow = { ...view, width: 360, key: "360 overlay []" };
        model.set("views", { ...model.get("views"), [narrow.key]: narrow });
    }""")
    explorer.page.clock.fast_forward(10_000)
    expect(explorer.message).to_be_hidden()


def test_a_kernel_that_does_not_answer_is_reported_once_and_numbers_go_on(start):
    explorer = start(squared, width=400)
    explorer.page.clock.fast_forward(10_000)
    expect(explorer.message).to_contain_text("No kernel answers")
    explorer.type("x", "5")
    explorer.page.clock.run_for(100)
    expect(explorer.number("n0", "adjoint")).to_have_text("10")


def test_without_a_kernel_the_nearest_view_is_shown_and_nothing_is_said(start):
    explorer = start(squared, can_answer=False, width=400)
    explorer.page.clock.fast_forward(10_000)
    expect(explorer.message).to_be_hidden()
    expect(explorer.input("x")).to_be_visible()


def test_what_python_could_not_set_is_marked_and_said(start):
    said = "“three” is no number; x stays 3"
    explorer = start(squared, message=said, wrong="x", inputs={"x": ["three"]})
    expect(explorer.message).to_have_text(said)
    expect(explorer.input("x")).to_have_attribute("aria-invalid", "true")
    expect(explorer.number("n0", "value")).to_have_text("3")


def test_what_the_page_cannot_compute_is_sent_to_python_and_its_silence_is_said(start):
    explorer = start(without_kernel_in_the_page)
    assert explorer.page.evaluate("model.get('program')") is None
    explorer.type("x", "5")
    assert explorer.page.evaluate("model.get('inputs')") == {"x": [5]}
    explorer.page.clock.fast_forward(10_000)
    expect(explorer.message).to_contain_text("the kernel is not running")


def test_what_nobody_can_compute_has_no_controls_and_says_why(start):
    explorer = start(without_kernel_in_the_page, can_answer=False)
    expect(explorer.message).to_contain_text("Read only")
    expect(explorer.root.get_by_role("spinbutton")).to_have_count(0)
    expect(explorer.root.get_by_role("switch")).to_have_count(0)
    explorer.press("first step")
    expect(explorer.readout).to_contain_text("step 0")
