"""Talks, handouts, a site and homework, made from the lessons in `notebooks/`.

A lesson is read and run (`lessons.py`), and what it says and shows becomes HTML (`html.py`,
`mathematics.py`). From that come slides that need no network and no kernel (`slides.py`), the same
slides beside a kernel (`talk.py`), and a sheet for students with its key (`handout.py`). `site.py`
puts all lessons on the web, `homework.py` makes assignments of their exercises, and `stop.py` draws
the README's moving picture.

Nothing here is part of the installed package. `python3 go.py slides` is how it is called.
"""
