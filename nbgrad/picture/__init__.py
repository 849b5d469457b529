"""Pictures of a trace.

A layout places a scene, which depends on the graph alone; rules say which number stands where, in
which form; outputs draw the result. Read `scene`, `style` and `forms` first, then `cards.card`,
`cards.roads` and one layout, `layouts.overlay`, and `output.svg`.

- cards: what stands on a card and between cards; `faces` and `maps` for arrays.
- layouts: `choice` finds what fits a width: `overlay`, `rails`, `overview`; `mirror`, `tape` and
  `paths` are other ways to look. `placing` is the geometry, with `boxes`, `crossings`, `heights`,
  `gaps` and `bends`; `units` are what it places.
- Rules: `template`, with `forms`, `term_forms` and `cards.map_forms`, from `facts`.
- Results: `drawing`, `film`, `microscope`; derivations; `plots`. Looks: `theme`, `text_width`.
"""
