"""Composition: a cell is a list of mechanisms."""
