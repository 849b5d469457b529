"""What the browser tests share: notebooks of their own beside the lessons."""

import json
from urllib.request import Request, urlopen

import nbformat
import pytest


@pytest.fixture
def run_cells(lab, open_notebook):
    """Open and run a new notebook of these cells."""

    def run(name, *cells, theme="light"):
        notebook = nbformat.v4.new_notebook()
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        content = json.dumps({"type": "notebook", "content": notebook}).encode()
        address = lab.address(f"api/contents/{name}.ipynb")
        urlopen(Request(address, content, method="PUT")).close()
        page = open_notebook(f"{name}.ipynb", theme)
        page.run_all()
        return page

    return run
