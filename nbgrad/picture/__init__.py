"""Pictures of a trace.

A layout places a scene, which depends on the graph alone; rules say which number stands where, in
which form; outputs draw the result. Read `scene`, `style` and `forms` first, then one layout,
`overlay`, with the `cards` and `roads` that it places, and `output.svg`.

- Scene: `cards`, `faces` and `maps` (arrays), `roads`, `units`, `legend`. Placing: `placing`, with
  `boxes`, `crossings`, `heights`, `gaps`. Rules: `template`, with `forms`, `map_forms`,
  `term_forms`, from `facts`.
- Layouts: `layouts` chooses; `overlay`, `rails`, `mirror`, `tape`, `paths`. Results: `drawing`,
  `film`, `microscope`.
- Looks: `theme`, `text_width`. Words: `reasons`, `words`, `terms`, `derivation`, `comparison`.
"""
