"""Large graphs as one picture: what is shown of them, where it stands, and how it looks."""
