"""Large graphs as one picture: what is shown of them, where it stands, and how it looks.

To be read in this order: `painting` makes the picture of what `choice` chose to show of a `view`;
`clusters` and `grouping` say what can be shown together, `blocks` how large that is; `frames` and
`nesting` place it; `forms` are the tints, lines and numbers. `whole` is all of it, without an end.
"""
