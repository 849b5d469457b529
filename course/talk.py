"""A talk with a kernel: the slides of a lesson, in which code can be changed and run again.

`python -m course.talk lesson` serves the page to this machine alone until Ctrl-C. Code on a slide
can be edited; Shift + Enter runs it in the kernel that has run the lesson, and what it shows takes
the place of what was there, while it runs. So does what it changes elsewhere: an output with a
`display_id`, and an explorer whose values were set.

Why not Voilà: its reveal template needs reveal.js 4 from npm beside it, hides code, and its
sanitiser turns `draw`'s pictures into words. Why not JupyterLab: its slide extension shows no
widgets. Explorers compute in the page, so that all a kernel has left to do is to run a cell.
"""

from __future__ import annotations

import ast
import json
import mimetypes
import re
import secrets
import signal
import sys
import webbrowser
from contextlib import suppress
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from course.html import code_html, outputs_html
from course.lessons import Lesson, client_of, environment, fail, find_lesson, read, say
from course.slides import make_folder, page_of

MOST_BYTES = 1_000_000  # of what a page may send


def main(*arguments: str) -> None:
    """Serve the talk of one lesson; `--no-browser` only says where it is."""
    names = [each for each in arguments if not each.startswith("-")]
    if len(names) != 1:
        fail("a talk is of one lesson: python3 go.py talk 0")
    # A shell that starts it in the background would have it ignore Ctrl-C for ever.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    lesson = read(find_lesson(names[0]))
    client = client_of(lesson, allow_errors=True)
    say(f"running {lesson.path.stem}")
    with environment(NBGRAD_STATIC="0"), client.setup_kernel():
        talk = Talk(lesson, client)
        with TemporaryDirectory() as folder, Server(talk, Path(folder)) as server:
            say(f"the talk is at {server.address}")
            say("Shift + Enter runs the code that the cursor is in; Ctrl-C here ends the talk")
            Thread(target=server.serve_forever, daemon=True).start()
            if "--no-browser" not in arguments:
                webbrowser.open(server.address)
            try:
                talk.run_what_is_asked()  # here, where the kernel was started: its client asks so
            except KeyboardInterrupt:
                say("the talk is over")
            server.shutdown()


class Talk:
    """A lesson, and the kernel that its cells run in."""

    def __init__(self, lesson: Lesson, client: NotebookClient) -> None:
        self.lesson, self.client = lesson, client
        self.asked: Queue[tuple[int, str]] = Queue()
        self.waiting = 0  # cells that were asked for and have not run
        self.lock = Lock()
        for index, cell in enumerate(lesson.cells):
            client.execute_cell(cell, index)
            if any(output.output_type == "error" for output in cell.get("outputs", [])):
                say(f"cell {index + 1} shows an error: {cell.source.splitlines()[0]}")
        self.shown = self.outputs()

    def page(self) -> str:
        """The slides, with code that can be changed."""
        places = {id(cell): n for n, cell in enumerate(self.lesson.cells)}

        def cell_html(cell: NotebookNode) -> str:
            code = code_html(cell.source).replace("<pre ", f"<pre {EDITABLE} ", 1)
            shown = f'<div class="outputs">{outputs_html(cell)}</div>'
            return f'<div data-cell="{places[id(cell)]}">{code}{shown}</div>'

        return page_of(self.lesson, cell_html, '<script src="talk.js"></script>\n')

    def outputs(self) -> dict[int, str]:
        """What each cell of code shows now."""
        cells = enumerate(self.lesson.cells)
        return {n: outputs_html(cell) for n, cell in cells if cell.cell_type == "code"}

    def ask(self, index: int, source: str) -> None:
        """Let a cell run with other code, behind those that wait."""
        with self.lock:
            self.waiting += 1
        self.asked.put((index, source))

    def run_what_is_asked(self) -> None:
        """Run cells, one after the other, until Ctrl-C."""
        while True:
            with suppress(Empty):  # Windows hears no Ctrl-C while a queue waits for ever
                self.run(*self.asked.get(timeout=0.5))
                with self.lock:
                    self.waiting -= 1

    def run(self, index: int, source: str) -> None:
        """Run a cell with other code, and draw those explorers again that it has changed."""
        cell = self.lesson.cells[index]
        cell.source = source
        before = deepcopy(self.client.widget_state)
        try:
            self.client.execute_cell(cell, index)
            self.redraw(before)
        except Exception as error:  # the kernel is gone
            cell.outputs = [new_output("error", traceback=[str(error)])]
        with self.lock:
            self.shown.pop(index, None)  # it is shown anew, though it shows the same

    def redraw(self, before: dict[str, Any]) -> None:
        """Draw the explorers again whose state is another one than before."""
        for cell in self.lesson.cells:
            for data in (output.get("data", {}) for output in cell.get("outputs", ())):
                [name] = EXPLORER.findall(data.get("text/html", "")) or [""]
                if name in before and before[name] != self.client.widget_state[name]:
                    data["text/html"] = self.value_of(HTML.format(name))

    def value_of(self, expression: str) -> Any:
        """The value of an expression in the kernel, in a cell that is on no slide."""
        cells = self.lesson.notebook.cells
        cells.append(new_code_cell(expression, metadata={"slideshow": {"slide_type": "skip"}}))
        asking = self.client.execute_cell(cells[-1], len(cells) - 1, store_history=False)
        cells.pop()
        return ast.literal_eval(asking.outputs[0].data["text/plain"])

    def changes(self) -> dict[str, Any]:
        """Whether a cell runs, and what cells show that showed something else before."""
        with self.lock:
            is_running = self.waiting > 0
            now, before = self.outputs(), self.shown
            self.shown = now
        shown = {n: html for n, html in now.items() if html != before.get(n)}
        return {"running": is_running, "shown": shown}


EXPLORER = re.compile(r' data-explorer="(\w+)"')
HTML = "__import__('ipywidgets').widgets.widget._instances['{}']._repr_mimebundle_()['text/html']"
EDITABLE = 'contenteditable="plaintext-only" spellcheck="false"'


class Server(ThreadingHTTPServer):
    """Serves a talk to this machine, under an address that nobody can guess."""

    daemon_threads = True

    def __init__(self, talk: Talk, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.talk, self.secret, self.folder = talk, secrets.token_urlsafe(12), folder.resolve()
        make_folder(folder)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{self.secret}/"


class Handler(BaseHTTPRequestHandler):
    """Answers with the page, with the files beside it, and with what cells show."""

    server: Server

    def do_GET(self) -> None:
        name = self._name()
        if name == "":
            return self._send(self.server.talk.page().encode(), "text/html; charset=utf-8")
        if name == "changes":
            return self._send(json.dumps(self.server.talk.changes()).encode(), "application/json")
        path = (self.server.folder / (name or "?")).resolve()
        if name is None or not (path.is_relative_to(self.server.folder) and path.is_file()):
            return self.send_error(404)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return self._send(path.read_bytes(), kind)

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        if self._name() != "run" or size > MOST_BYTES:
            return self.send_error(404)
        wanted = json.loads(self.rfile.read(size))
        self.server.talk.ask(int(wanted["cell"]), str(wanted["source"]))
        return self._send(b"", "text/plain")

    def _name(self) -> str | None:
        """What is asked for; None of somebody who does not know the address."""
        _, secret, name = [*self.path.partition("?")[0].split("/", 2), "", ""][:3]
        return name if secrets.compare_digest(secret, self.server.secret) else None

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing: what is printed is for the speaker."""


if __name__ == "__main__":
    main(*sys.argv[1:])
