"""Registry lines of this room."""
