"""What the pages of this room ask. Forms ask; the rules stand in the activity modules."""
