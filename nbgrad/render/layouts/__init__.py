"""The four layouts of a picture: overlay, mirror, tape and paths."""
