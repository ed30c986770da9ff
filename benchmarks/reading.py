"""Reading a long test: seconds and memory for 3 million records of time, voltage, current and cycle.

    python benchmarks/reading.py [records]

Times the reading alone; the memory is the peak of the whole process, the interpreter and its libraries included.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HALF_CYCLE_RECORDS, CURRENT_A = 20_000, 1e-4


def write(path, records):
    """A record a second of a cell between 0.7 and 2.6 V, a half cycle every 20 000 records."""
    rng = np.random.default_rng(0)
    with open(path, "w") as stream:
        stream.write("Test Time / s,Voltage / V,Current / A,Cycle Count / 1\n")
        for start in range(0, records, 100_000):
            t = np.arange(start, min(start + 100_000, records))
            share, charging = t % HALF_CYCLE_RECORDS / HALF_CYCLE_RECORDS, t // HALF_CYCLE_RECORDS % 2
            V = np.where(charging, 0.7 + 1.9 * share, 2.6 - 1.9 * share) + rng.normal(0, 1e-4, len(t))
            rows = zip(t, V, np.where(charging, CURRENT_A, -CURRENT_A), t // (2 * HALF_CYCLE_RECORDS) + 1, strict=True)
            stream.writelines(f"{a:.3f},{b:.5f},{c:.7f},{d}\n" for a, b, c, d in rows)


READ = """
import resource, sys, time
import nasim
nasim.read  # imports what reading needs
start, cpu = time.perf_counter(), time.process_time()
measurement = nasim.read(sys.argv[1])
wall, cpu = time.perf_counter() - start, time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
halves = len(measurement.found_half_cycles())
print(f"{len(measurement.data)} records, {halves} half cycles: {wall:.2f} s ({cpu:.2f} s of processor), {peak:.0f} MB at most")
"""


def main():
    """Write a file, and read it in a process of its own."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.csv"
        write(path, records)
        subprocess.run([sys.executable, "-c", READ, path], check=True)


if __name__ == "__main__":
    main()
