"""Physics: one mechanism, one file."""
