"""From a trace to what is seen: a picture as plain data, then SVG, TikZ, matplotlib, text, LaTeX.

`drawing` is what `ng.draw` returns. A picture is decided in this order: how large each card is and
where it stands (`placing`), what is on it (`elements`, `tensors`), which layout puts them together
(`layouts`); all of it is plain data (`scene`), which `output` writes in one form or another.
"""
