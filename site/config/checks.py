"""System checks: what must be right before the house opens."""
