"""A long run: growth of memory and of the file per cycle, and cycle jumping against the full run.

``python benchmarks/long_run.py [--cycles 1000] [--tolerance 0.002] [--json FILE]``

The memory bound that a run of 1000 cycles has to keep is `BOUND_KB` per cycle.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from pathlib import Path

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import nasim

BOUND_KB = 10.0


def peak_kb():
    """Largest resident memory of this process so far [kB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def timed(**options):
    """Result and processor time [s] of a run without kept curves."""
    began = time.process_time()
    result = nasim.Cycling(keep=(1,), **options).run()
    return result, time.process_time() - began


def measure(cycles, tolerance):
    """Figures of the benchmark, a dict."""
    timed(cycles=100)
    before = peak_kb()
    full, full_s = timed(cycles=cycles)
    growth = (peak_kb() - before) / cycles
    jumped, jumped_s = timed(cycles=cycles, jump_tolerance=tolerance)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.nc"
        full.to_netcdf(path)
        size = path.stat().st_size / 1e3 / cycles
    name = "discharge_capacity_mAh_cm2"
    error = (jumped.summary[name] / full.summary[name] - 1).abs().max()
    return {
        "cycles": cycles,
        "ms_per_cycle": 1e3 * full_s / cycles,
        "memory_kB_per_cycle": growth,
        "file_kB_per_cycle": size,
        "jump_speed_up": full_s / jumped_s,
        "jump_cycles_run": int(jumped.summary["computed"].sum()),
        "jump_largest_error": float(error),
        "stopped": full.record["stopped_because"],
    }


def main():
    """Print the figures, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--tolerance", type=float, default=0.002)
    parser.add_argument("--json")
    options = parser.parse_args()
    figures = measure(options.cycles, options.tolerance)
    for name, value in figures.items():
        print(f"{name:22s} {value:.4g}" if isinstance(value, float) else f"{name:22s} {value}")
    print(
        f"memory bound {BOUND_KB:g} kB per cycle: {'kept' if figures['memory_kB_per_cycle'] < BOUND_KB else 'missed'}"
    )
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
