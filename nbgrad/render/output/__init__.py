"""Pictures and texts as files and in notebooks."""
