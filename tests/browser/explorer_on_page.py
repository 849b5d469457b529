"""An explorer as somebody in front of the screen knows it."""

from playwright.sync_api import expect

PLACES = """root => [...root.querySelectorAll(
        ".picture, button, input, output, .explanation, code")]
    .map((element) => element.getBoundingClientRect())
    .map(({ x, y, width, height }) => [x, y, width, height])"""


class ExplorerOnPage:
    """One of the explorers of a notebook, by its place in it."""

    def __init__(self, page, number):
        self.root = page.locator(".nbgrad-explorer").nth(number)
        self.page = page
        self.root.scroll_into_view_if_needed()

    def number(self, node, lane):
        """A number on a card."""
        return self.root.locator(f'[data-id="{node}.{lane}"] > text')

    def card(self, label):
        name = f"{label}: stop the gradient here"
        return self.root.get_by_role("button", name=name, exact=True)

    def slider(self, name):
        return self.root.get_by_role("slider", name=name, exact=True)

    def entry(self, name):
        return self.root.get_by_role("textbox", name=name, exact=True)

    def press(self, name):
        self.root.get_by_role("button", name=name, exact=True).click()

    def box(self, name):
        """A check box of stop_gradients."""
        return self.root.get_by_role("checkbox", name=name, exact=True)

    def group(self, name):
        """The button that opens and closes a group."""
        return self.root.locator(".groups").get_by_role("button", name=name)

    def places(self):
        """Where everything outside the picture is, to see whether anything moves."""
        return self.root.evaluate(PLACES)

    @property
    def message(self):
        return self.root.get_by_role("alert")

    @property
    def readout(self):
        return self.root.locator("output")

    @property
    def code(self):
        return self.root.locator("code")

    @property
    def panel(self):
        return self.root.locator(".panel")

    def shows(self, *adjoints):
        """Wait until the line of code gives these results."""
        expect(self.code).to_contain_text(f"→  [{', '.join(adjoints)}]")
