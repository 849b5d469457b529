"""Pictures of a trace.

A layout places a scene, which depends on the graph alone; a style for each of its elements has the
numbers; outputs draw both. Read `scene` and `style` first, then one layout, `overlay`, with the
`cards` and `edges` that it places, and `output.svg`.

- Scene: `cards`, `maps` with their `faces` (arrays), `edges`, `legend`. Placing: `columns`,
  `ordering`, `placement`, `routes`. Styles: `card_styles`, `edge_styles`, from `facts`.
- Layouts: `overlay`, `mirror`, `tape`, `paths`. Results: `drawing`, `film`, `microscope`.
- Looks: `theme`, `text_width`. Words: `reasons`, `words`, `terms`, `derivation`, `comparison`.
"""
