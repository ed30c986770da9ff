"""Settings for every test: no telemetry, no windows, a fixed seed for property tests."""

import os

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MPLBACKEND", "Agg")

from hypothesis import settings  # noqa: E402

settings.register_profile("nasim", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("nasim")
