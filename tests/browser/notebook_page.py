"""Work in a notebook as a person does: open it, run it, look at it, in light or in dark."""

import itertools
import os
import shutil
from contextlib import contextmanager

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
FLAGS = [
    "--no-sandbox",  # a container's root may not have one
    "--disable-dev-shm-usage",  # a container's shared memory is small
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 60_000  # a test is slow to fail rather than quick to blame a busy machine
FRONT_ENDS = ("lab", "notebook")
# What Notebook 7.6 says, now and then, while it starts with an empty notebook: its parts race.
ITS_OWN = ("(reading 'schema')", "Command 'filebrowser:open-path' not registered")
# What JupyterLab says, then or later, of a kernel that was ended under it.
REGRETS = (
    *("Canceled future for", "Could not send widget sync message"),
    *("WebSocket", "api/kernels", "api/sessions"),
)
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
SESSION = "window.jupyterapp?.shell?.currentWidget?.sessionContext"
ALL_HAS_RUN = """() => {
  const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
  const cells = [...content.model.cells].filter((cell) => cell.type === "code");
  return sessionContext.session.kernel.status === "idle"
    && cells.every((cell) => cell.executionCount !== null || !cell.sharedModel.source.trim());
}"""
COMPLAINTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
  .filter((cell) => cell.type === "code")
  .flatMap((cell) => cell.outputs.toJSON())
  .filter((output) => output.output_type === "error" || output.name === "stderr")
  .map((output) => output.evalue ?? [output.text].flat().join(""))"""
SAYS = f"""async ([value, expression]) => {{
  const asked = {{ code: "", user_expressions: {{ told: expression }} }};
  const reply = await {SESSION}.session.kernel.requestExecute(asked).done;
  return reply.content.user_expressions.told.data["text/plain"] === value;
}}"""

workspaces = itertools.count()


def find_browser():
    """Path of a Chromium on this machine, or None. NBGRAD_BROWSER names another one."""
    named = os.environ.get("NBGRAD_BROWSER")
    candidates = (named,) if named else BROWSERS
    return next(filter(None, map(shutil.which, candidates)), None)


@contextmanager
def chromium(executable):
    """Start the browser, without a window."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


class NotebookPage:
    """A tab of a browser in JupyterLab or Notebook 7, which remembers what went wrong in it.

    `page` is Playwright's page, for everything that has no name here.
    """

    def __init__(self, browser, server, front_end="lab", width=1280, height=800):
        self.server = server
        self.front_end = front_end
        self.errors = []
        self.outside_requests = []
        self.regrets = ITS_OWN if front_end == "notebook" else ()
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.route(lambda url: not self.is_inside(url), self.refuse)
        self.page = self.context.new_page()
        self.page.on("console", lambda m: m.type == "error" and self.note(m.text))
        self.page.on("pageerror", lambda error: self.note(str(error)))

    def note(self, error):
        if not any(each in error for each in self.regrets):
            self.errors.append(error)

    def is_inside(self, url):
        return url.startswith((self.server.url, "data:", "blob:"))

    def refuse(self, route):
        self.outside_requests.append(route.request.url)
        route.abort()

    def open(self, notebook, theme="light"):
        """Open a notebook by its name and wait for its kernel."""
        self.server.check()
        # Each page gets its own workspace, so that no page opens what another left behind.
        workspace = f"lab/workspaces/test-{os.getpid()}-{next(workspaces)}"
        folder = {"lab": f"{workspace}/tree", "notebook": "notebooks"}[self.front_end]
        self.page.goto(self.server.address(f"{folder}/{notebook}"))
        self.wait_for_kernel()
        self.set_theme(theme)
        return self

    def reload(self):
        """Load the page again, as by F5; its kernel goes on."""
        self.page.reload()
        self.wait_for_kernel()

    def wait_for_kernel(self):
        self.page.wait_for_function(f"() => {SESSION}")
        self.page.evaluate(f"() => {SESSION}.ready")

    def set_theme(self, theme):
        """Switch JupyterLab to "light" or "dark"."""
        self.command("apputils:change-theme", theme=THEMES[theme])
        is_light = str(theme == "light").lower()
        self.page.wait_for_selector(f"body[data-jp-theme-light={is_light}]", state="attached")

    def run_all(self):
        """Run every cell to the end; fail if one of them raises or writes to stderr."""
        self.command("notebook:run-all-cells")
        complaints = self.page.evaluate(COMPLAINTS)
        assert not complaints, "\n".join(complaints)
        self.page.wait_for_function(ALL_HAS_RUN)

    def command(self, name, **arguments):
        """Run one of JupyterLab's commands to its end."""
        script = "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => {})"
        self.page.evaluate(script, [name, arguments])

    def wait_until_python_says(self, value, expression):
        """Wait until the kernel, which hears of moves one after the other, prints this value."""
        self.page.wait_for_function(SAYS, arg=[value, expression], polling=200)

    def end_kernel(self):
        """End the kernel, and wait until the front end knows it."""
        self.regrets += REGRETS
        self.page.evaluate(f"() => {SESSION}.shutdown()")
        self.page.wait_for_function(f"() => !{SESSION}?.session?.kernel")

    def close(self):
        """Close the tab and end its kernel; fail if the page had errors or asked outside."""
        errors = list(self.errors)  # without the console's regrets about the ended kernel
        # A living kernel would be handed to the next page that opens this notebook.
        self.page.evaluate(f"() => {SESSION}?.shutdown()")
        self.context.close()
        assert not self.outside_requests, f"the page asked for {self.outside_requests}"
        assert not errors, "the console shows:\n" + "\n".join(errors)
