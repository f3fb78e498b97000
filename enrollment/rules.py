"""Registry lines of this room: policy, personal data, invariants, work-list."""
