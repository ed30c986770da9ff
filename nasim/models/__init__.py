"""Composition: a cell is a list of mechanisms."""

from ..citations import find_writer_once

find_writer_once()  # all of this folder imports PyBaMM
