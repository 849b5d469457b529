"""An explorer as somebody in front of the screen knows it, in a notebook or in a saved page."""

import re
from contextlib import contextmanager

from playwright.sync_api import expect

PLACES = """root => [...root.children]
    .map((element) => element.getBoundingClientRect())
    .map(({ x, y, width, height }) =>
        [x, y - root.getBoundingClientRect().y, width, height].map(Math.round))"""


# A page hears of its width, paints for it, and keeps the height that its rows then have.
FRAMES = """async () => {
    for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame);
}"""

HELD = """() => {
    const { animate } = Element.prototype;
    Element.prototype.animate = function (...given) {
        const motion = animate.apply(this, given);
        motion.pause();
        return motion;
    };
}"""


class ExplorerOnPage:
    """One of the explorers that are to be seen on a page, by its place there."""

    def __init__(self, page, number=0):
        # A notebook that was slow to show a widget has hidden a saved page that came before it.
        self.root = page.locator(".nbgrad-explorer").filter(visible=True).nth(number)
        self.page = page
        self.root.scroll_into_view_if_needed()
        self.settle()

    def settle(self):
        """Wait until the page has painted all that was done, for what is read at once."""
        self.page.evaluate(FRAMES)

    def stop_clock(self):
        """Stop the time of the page, its frames too: `page.clock.run_for` moves it."""
        self.page.clock.install(time=0)
        self.page.clock.pause_at(1000)

    def hold_motions(self):
        """Let every motion stand still in its first frame."""
        self.page.evaluate(HELD)

    # The picture ----------------------------------------------------------------------------

    def number(self, node, lane):
        """A number on a card."""
        return self.root.locator(f'[data-id="{node}.{lane}"] > text')

    def card(self, label):
        return self.root.get_by_role("group", name=re.compile(rf"^{re.escape(label)}( = .*)?$"))

    def is_stopped(self, label, stopped=True):
        """Wait until a card is marked as stopped, or no longer is."""
        marked = self.card(label).and_(self.root.locator("[data-stopped]"))
        expect(marked).to_have_count(int(stopped))

    # Its controls ---------------------------------------------------------------------------

    def input(self, name):
        """A number that can be changed: "x", "W[1, 0]", "seed of f"."""
        return self.root.get_by_role("spinbutton", name=name, exact=True)

    def field(self, name):
        """The field that a number is typed in, while it is open."""
        return self.root.get_by_role("textbox", name=name, exact=True)

    def type(self, name, text):
        """Go to a number, type another one, and take it."""
        self.input(name).focus()
        if not re.match(r"[-+.,\d]", text):  # else the first key opens the field
            self.page.keyboard.press("Enter")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def drag(self, name, x, y=0):
        """Drag a number by so many pixels."""
        at = middle_of(self.input(name))
        self.page.mouse.move(*at)
        self.page.mouse.down()
        self.page.mouse.move(at[0] + x, at[1] + y, steps=4)
        self.page.mouse.up()

    def tab_to(self, element):
        """Go to a control by the Tab key alone."""
        for _ in range(60):
            if element.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {element}")

    def touch(self, element, swipe=0):
        """Tap the middle of an element, or swipe over it by so many pixels."""
        with self.finger_on(element) as move:
            if swipe:
                move(swipe / 2)
                move(swipe)

    @contextmanager
    def finger_on(self, element):
        """Rest a finger in the middle of an element; what comes of it can be waited for."""
        x, y = middle_of(element)
        screen = self.page.context.new_cdp_session(self.page)

        def send(kind, *points):
            screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        send("touchStart", {"x": x, "y": y})
        yield lambda pixels: send("touchMove", {"x": x + pixels, "y": y})
        send("touchEnd")

    def value(self, name):
        """What a screen reader is told of a number."""
        return float(self.input(name).get_attribute("aria-valuenow"))

    def has(self, numbers):
        """Wait until these numbers are those that can be changed."""
        for name, number in numbers.items():
            expect(self.input(name)).to_have_attribute("aria-valuenow", f"{number:.15g}")

    def valve(self, label):
        """The switch that stops a node."""
        return self.root.get_by_role("switch", name=f"stop {label}", exact=True)

    def unfold(self, name):
        """The button of a folded card."""
        return self.root.get_by_role("button", name=f"unfold {name} ·")

    def fold(self, name):
        """The button that folds an open group."""
        return self.root.get_by_role("button", name=f"fold {name} ·")

    def press(self, name):
        self.root.get_by_role("button", name=name, exact=True).click()

    # What it says ---------------------------------------------------------------------------

    def places(self):
        """Where everything outside the picture is, to see whether anything moves."""
        self.settle()
        return self.root.evaluate(PLACES)

    @property
    def message(self):
        return self.root.locator(".message")

    @property
    def complaints(self):
        """The lines below cards whose entries are no numbers."""
        return self.root.locator(".complaint:visible")

    @property
    def readout(self):
        return self.root.locator("output.readout")

    @property
    def code(self):
        return self.root.locator("code")

    @property
    def step_line(self):
        return self.root.locator(".step-line")

    def shows(self, *adjoints):
        """Wait until the line of code gives these results."""
        expect(self.code).to_contain_text(f"→  [{', '.join(adjoints)}]")


def middle_of(element):
    """Where the middle of an element is, once it is seen and rests."""
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def begin(explorer):
    """Ask for the gradients, which are seen."""
    explorer.root.locator("[data-node]").first.focus()
    explorer.page.keyboard.press("h")


def answer(explorer, label, text):
    """Type what a gradient is, and have it checked."""
    field = explorer.root.get_by_role("textbox", name=f"predict {label}", exact=True)
    field.fill(text)
    field.press("Enter")
    return field
