"""How exact and how dear the meshes of a porous cathode are: volumes and Lobatto nodes against many volumes.

``python benchmarks/meshes.py [--reference 60]``

The largest relative deviation of capacity and mean voltage over two cycles, and processor time with building, for the
paper's cathode and for one five times as thick (and as heavy), at a usual and at a high current.
"""

import argparse
import os
import time

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import nasim
from nasim import nomenclature as nm

COLUMNS = ["discharge_capacity_mAh_cm2", "charge_capacity_mAh_cm2", "mean_discharge_voltage_V", "mean_charge_voltage_V"]
MESHES = (("volumes", 10), ("volumes", 20), ("volumes", 40), ("lobatto", 6), ("lobatto", 8), ("lobatto", 12))
CASES = ((1, 0.127), (1, 0.82), (5, 0.3), (5, 0.8))
CELL = "Yuan2025_NAS"


def figures(mesh, points, thickness, current):
    """Capacities and mean voltages of two cycles, and the seconds that they took; thickness in units of the paper's."""
    given = nasim.load(CELL)
    overrides = {name: thickness * given.value(name) for name in (nm.CATHODE_THICKNESS, nm.COMPOSITE_MASS)}
    cell = nasim.FullCell(cathode=nasim.PorousCathode(points, mesh=mesh))
    began = time.process_time()
    result = nasim.GCD(current_mA_cm2=current, cycles=2, keep=()).run(cell, CELL, overrides=overrides)
    return result.summary[COLUMNS], time.process_time() - began


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reference", type=int, default=60, help="volumes of the reference")
    reference = parser.parse_args().reference
    for thickness, current in CASES:
        print(f"{thickness} x the paper's thickness, {current} mA cm-2, against {reference} volumes")
        exact, _ = figures("volumes", reference, thickness, current)
        for mesh, points in MESHES:
            found, seconds = figures(mesh, points, thickness, current)
            error = float((found / exact - 1).abs().max().max())
            print(f"  {points:3d} {mesh:8s}{error:10.1e}{seconds:8.1f} s", flush=True)


if __name__ == "__main__":
    main()
