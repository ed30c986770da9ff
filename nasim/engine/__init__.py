"""Advance, record, checkpoint, jump and linearise a built cell."""
