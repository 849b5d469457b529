"""What an explorer says where Python is silent, and asks of it: here the page plays Python."""

import pytest
from explorer_on_page import ExplorerOnPage, begin
from playwright.sync_api import expect

import nbgrad as ng
from nbgrad.widgets.bundle import page_of
from tests.page.explorer_page import neuron

# What Python would have of an explorer.
MODEL = """([state, canAnswer]) => {
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
}"""
RENDER = """async () => {
  const { render } = await Object.values(globalThis.nbgrad)[0];
  document.querySelector("main").replaceChildren(document.createElement("div"));
  render({ model, el: document.querySelector("main > div") });
}"""
COME = "async () => (await Object.values(globalThis.nbgrad)[0]).initialize({ model })"
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
        page.evaluate(MODEL, [state, can_answer])
        page.evaluate(RENDER)
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


@pytest.fixture
def late(open_page, tmp_path):
    """A page with one view, which has been begun without Python; that may still come."""
    with ng.Graph().as_default():
        state = ng.explore(*neuron())._page_state(every=False)
    state["views"] = {key: view for key, view in state["views"].items() if key[:3] == "878"}
    path = tmp_path / "page.html"
    path.write_text(page_of(state, "", "late"), "utf-8")
    explorer = ExplorerOnPage(open_page(path))
    explorer.page.evaluate(MODEL, [{**state, "name": "late"}, True])
    explorer.root.evaluate("root => (root.parentElement.dataset.explorer = 'late')")
    return explorer


def test_who_has_begun_to_type_when_python_comes_goes_on_and_python_gets_the_number(late):
    late.type("w0", "3")
    late.has({"w0": 3})
    late.input("x1").focus()
    late.page.keyboard.type("-1")
    late.page.evaluate(COME)
    late.page.keyboard.type("2")
    expect(late.field("x1")).to_be_focused()
    expect(late.field("x1")).to_have_value("-12")
    late.page.keyboard.press("Enter")
    late.has({"x1": -12, "w0": 3})
    expect(late.input("x1")).to_be_focused()
    inputs = late.page.evaluate("model.get('inputs')")
    assert (inputs["x1"], inputs["w0"]) == ([-12], [3])


def test_a_page_that_python_has_come_to_hears_of_it_and_can_ask_it(late):
    expect(late.fold("out")).to_have_count(0)
    late.page.evaluate(COME)
    late.page.evaluate("model.set('inputs', { ...model.get('inputs'), x1: [7] })")
    late.has({"x1": 7})
    late.fold("out").click()
    late.settle()
    [sent] = late.page.evaluate("sent")
    assert sent["want"]["width"] == 640  # in which ladders are folded


def test_a_page_that_was_taken_away_and_is_brought_back_is_alive_again(late):
    late.page.evaluate(COME)
    late.page.evaluate("""async () => {
        const { startPage } = await Object.values(globalThis.nbgrad)[0];
        globalThis.place = document.querySelector(".nbgrad-page");
        place.remove();
        startPage(document.createElement("div"), async () => ({})); // who comes looks who is gone
    }""")
    late.settle()
    late.page.evaluate("document.querySelector('main').append(place)")
    late.type("x1", "5")
    late.has({"x1": 5})


def test_a_view_that_comes_while_somebody_types_takes_neither_the_field_nor_what_is_in_it(opened):
    explorer = opened()
    explorer.input("x").focus()
    explorer.page.keyboard.type("1")
    explorer.page.set_viewport_size({"width": 400, "height": 700})
    expect(explorer.root.locator("[data-id='head.value']")).to_be_visible()
    explorer.page.keyboard.type("2")
    expect(explorer.field("x")).to_have_value("12")
    explorer.page.keyboard.press("Enter")
    explorer.has({"x": 12})
    expect(explorer.input("x")).to_be_focused()


def test_a_prediction_is_typed_on_in_another_view_and_beside_a_change(opened):
    explorer = opened()
    begin(explorer)
    field = explorer.root.get_by_role("textbox", name="predict df/dx", exact=True)
    field.focus()
    explorer.page.keyboard.type("1")
    explorer.page.set_viewport_size({"width": 400, "height": 700})
    expect(explorer.root.locator("[data-id='head.value']")).to_be_visible()
    explorer.page.keyboard.type("2")
    expect(field).to_have_value("12")
    expect(field).to_be_focused()
    explorer.valve("b").dispatch_event("click")  # as if Python did it: no focus goes there
    explorer.is_stopped("b")
    explorer.page.keyboard.type("3")
    expect(field).to_have_value("123")
