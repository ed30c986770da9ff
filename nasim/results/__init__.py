"""Results of runs: tables, curves, record; their text, JSON, figures and files."""
