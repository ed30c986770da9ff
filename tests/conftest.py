"""Settings for every test: no telemetry, no windows, one thread a process, a fixed seed for property tests.

The README's command runs the suite on all cores (`-n auto --dist worksteal`): each worker begins with a stretch of the
list, so that what a module builds is built once, and who is done takes half of what another has left.
"""

import os

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from hypothesis import settings  # noqa: E402

settings.register_profile("nasim", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("nasim")
