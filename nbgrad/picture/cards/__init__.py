"""What stands on a card and between cards: lanes, maps of arrays, inboxes, roads."""
