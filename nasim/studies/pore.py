r"""Current at a pore in the anode interface: the potential in two dimensions, Butler-Volmer where sodium is deposited.

A void of radius R (half a disc) sits on the interface between the alloy, y = 0, and the electrolyte above it. The cut
is one symmetric half of a row of such pores with the pitch 2 W, and H high:

.. math::
   \nabla\cdot(\sigma\nabla\phi) = 0, \qquad
   \sigma\,\partial_n\phi = 0 \text{ on the pore and on } x = 0, W, \qquad
   \sigma\,\partial_y\phi = \bar i \text{ at } y = H

.. math::
   \sigma\,\partial_y\phi = i(\phi) \text{ at } y = 0,\ x > R, \qquad
   i = -i_0\,e^{(1-\gamma)\Omega_{Na}(P-P_{ref})/RT}\left[e^{\gamma f\eta} - e^{-(1-\gamma)f\eta}\right], \qquad
   \eta = -\phi

(the paper's eqs. 3-5; kinetics of `nasim.submodels.alloy_anode`; zero is the alloy's potential less its equilibrium).
i is positive when sodium is deposited. It is largest at the rim of the pore, x = R, which takes over what the pore
shades; how much of that stays at the rim is up to the Wagner number

.. math:: Wa = \frac{\sigma}{R}\,\frac{d\eta}{di} = \frac{\sigma}{R\,i_0 f} \text{ at small currents}

Large Wa: kinetics level the current. Wa to 0 in a wide and high cell: :math:`i = i_{far} (1 + R^2/x^2)`, twice the far value.

Quadratic finite elements with curved edges (`nasim.studies.pore_elements`), Newton's method for the boundary
condition. sigma and i_0 are the paper's, at 25 degC. The radius (10 um) and the cut (five radii wide and high) are
assumptions, since no radius could be read: take from the numbers how conductivities compare, not how large the effect
is in the cell.
"""

from dataclasses import dataclass, field

import numpy as np

from .. import nomenclature as nm
from ..checks import require_within
from ..errors import ProtocolError
from ..notebook import quiet

KINETICS = (nm.ALLOY_I0, nm.ALLOY_ALPHA, nm.ALLOY_MOLAR_VOLUME, nm.REFERENCE_PRESSURE)
"""What is taken from the parameter set."""
CUT = 5.0
"""Width and height of the cut, in radii."""
SIGMA_RANGE_S_M, LENGTH_RANGE_UM = (1e-9, 1e4), (1e-3, 1e5)
"""Conductivities and lengths that are not refused."""


@dataclass(frozen=True)
class Kinetics:
    """Butler-Volmer kinetics of the deposition surface: exchange current density i0 [A m-2], gamma, f = F/RT [V-1]."""

    i0: float
    gamma: float
    f: float

    def current(self, phi):
        """Deposition current density [A m-2] at the potential `phi` [V] of the electrolyte."""
        from ..submodels.alloy_anode import kinetic_current

        return -kinetic_current(-phi, self.i0, self.gamma, self.f)

    def slope(self, phi):
        """Derivative of `current` [A m-2 V-1]; positive everywhere, so there is one solution."""
        gamma, f = self.gamma, self.f
        return self.i0 * f * (gamma * np.exp(-gamma * f * phi) + (1 - gamma) * np.exp((1 - gamma) * f * phi))


@dataclass(frozen=True, eq=False)
class PoreResult:
    """Current along the interface from the rim of the pore outwards, and the potential in the electrolyte.

    `x` [m] and `current_density` [A m-2] are arrays along the deposition surface, `mean_current_density` is their mean
    over its length; `charge_defect` is the relative difference between the current in and out. `points` [m] (x and y),
    `triangles` (indices) and `potential` [V] are the field.
    """

    sigma: float
    radius: float
    kinetics: Kinetics
    far_current_density: float
    mean_current_density: float
    charge_defect: float
    newton_steps: int
    x: np.ndarray = field(repr=False)
    current_density: np.ndarray = field(repr=False)
    points: np.ndarray = field(repr=False)
    triangles: np.ndarray = field(repr=False)
    potential: np.ndarray = field(repr=False)

    @property
    def inhomogeneity(self):
        """Largest over mean current density along the interface; 1 is uniform."""
        return float((self.current_density / self.mean_current_density).max())

    @property
    def wagner_number(self):
        """Wa at small currents; without a pore infinite."""
        return self.sigma / (self.radius * self.kinetics.i0 * self.kinetics.f) if self.radius else np.inf

    def as_table(self):
        """A pandas row a point of the interface: position, current density, the same over the mean."""
        import pandas

        columns = {"x_um": self.x * 1e6, "current_density_mA_cm2": self.current_density / 10}
        return pandas.DataFrame(
            columns | {"relative_current_density": self.current_density / self.mean_current_density}
        )

    def as_record(self):
        """The outcome as plain data that `json.dumps` takes."""
        return {
            "conductivity_S_m": self.sigma,
            "radius_um": self.radius * 1e6,
            "exchange_current_mA_cm2": self.kinetics.i0 / 10,
            "far_current_mA_cm2": self.far_current_density / 10,
            "mean_current_mA_cm2": self.mean_current_density / 10,
            "inhomogeneity": self.inhomogeneity,
            "wagner_number": self.wagner_number,
            "charge_defect": self.charge_defect,
        }

    @quiet
    def plot(self, axes=None):
        """Potential around the pore, and current density along the interface over its mean; two axes.

        Give the axes of one result to `plot` of the next: the curves share them, the map is that of the first.
        """
        import matplotlib.pyplot as plt

        if axes is None:
            _, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
        field_axes, curve_axes = axes
        label = f"{self.sigma * 10:.2g} mS cm$^{{-1}}$"
        if not field_axes.collections:
            filled = field_axes.tricontourf(*(self.points * 1e6), self.triangles, self.potential * 1e3, levels=16)
            field_axes.figure.colorbar(filled, ax=field_axes, label="Potential (mV)")
            field_axes.set(title=label, aspect="equal", facecolor="0.85")
            field_axes.set(xlabel="Along the interface (\u00b5m)", ylabel="Into the electrolyte (\u00b5m)")
        curve_axes.plot(self.x * 1e6, self.current_density / self.mean_current_density, label=label)
        curve_axes.set(xlabel="Distance from the middle of the pore (\u00b5m)", ylabel="Current density / mean")
        curve_axes.legend(frameon=False)
        return axes


def solve_pore(
    sigma_S_m,
    *,
    radius_um=10.0,
    width_um=None,
    height_um=None,
    current_mA_cm2=0.127,
    i0_mA_cm2=None,
    stack_pressure_MPa=250.0,
    temperature_C=25.0,
    parameters="Yuan2025_NAS",
    cells=32,
):
    """Current density along the interface beside a pore [PoreResult].

    Parameters
    ----------
    sigma_S_m : float
        Conductivity of the electrolyte (0.09 for Na3SbS4, 0.01 for Na3PS4).
    radius_um : float
        Radius of the pore; 0 for none, which makes the current uniform.
    width_um, height_um : float, optional
        Half the pitch of the pores, and the height of the cut; default five radii (50 um without a pore).
    current_mA_cm2 : float
        Mean current density that arrives from the far side; positive deposits sodium.
    i0_mA_cm2 : float, optional
        Exchange current density at the reference pressure; default that of `parameters`.
    parameters : str or ParameterSet
        Where the kinetics of the alloy come from; the pressure factor is applied to them.
    cells : int
        Elements along each stretch of the grid.

    Raises
    ------
    MissingExtraError
        scikit-fem is not installed.
    ProtocolError
        A length, conductivity, current or count makes no sense.
    SolveError
        Newton's method did not converge.
    """
    from . import pore_elements as elements

    unset = CUT * radius_um or 50.0
    width_um, height_um = (unset if given is None else given for given in (width_um, height_um))
    _check(sigma_S_m, radius_um, width_um, height_um, current_mA_cm2, cells)
    radius, width, height = radius_um * 1e-6, width_um * 1e-6, height_um * 1e-6
    kinetics = _kinetics(parameters, i0_mA_cm2, stack_pressure_MPa * 1e6, temperature_C + 273.15)
    mesh, supplied = elements.pore_mesh(radius, width, height, cells), current_mA_cm2 * 10
    phi, steps = elements.solve(mesh, sigma_S_m, kinetics, supplied, width)
    x, at_surface = elements.along_surface(mesh, phi)
    total, corners = elements.collected(mesh, kinetics, phi), mesh.t.max() + 1
    return PoreResult(
        sigma=sigma_S_m,
        radius=radius,
        kinetics=kinetics,
        far_current_density=supplied,
        mean_current_density=total / (width - radius),
        charge_defect=abs(total / (supplied * width) - 1),
        newton_steps=steps,
        x=x,
        current_density=kinetics.current(at_surface),
        points=mesh.doflocs[:, :corners],
        triangles=mesh.t.T,
        potential=phi[:corners],
    )


def pore_inhomogeneity(sigma_S_m, **conditions):
    """Largest over mean current density beside the pore, one number; `conditions` as in `solve_pore`."""
    return solve_pore(sigma_S_m, **conditions).inhomogeneity


def _kinetics(parameters, i0_mA_cm2, pressure, T):
    from ..parameters import ParameterSet, load
    from ..submodels.alloy_anode import pressure_factor
    from ..submodels.arrhenius import thermal_voltage_inverse

    known = parameters if isinstance(parameters, ParameterSet) else load(parameters)
    i0, gamma, molar_volume, reference = (known.value(name) for name in KINETICS)
    i0 = i0 if i0_mA_cm2 is None else i0_mA_cm2 * 10
    return Kinetics(
        float(i0 * pressure_factor(pressure, reference, molar_volume, gamma, T)), gamma, thermal_voltage_inverse(T)
    )


def _check(sigma, radius, width, height, current, cells):
    require_within("pore", "conductivity", sigma, "S m-1", SIGMA_RANGE_S_M)
    for name, length in (("radius", radius or LENGTH_RANGE_UM[0]), ("width", width), ("height", height)):
        require_within("pore", name, length, "um", LENGTH_RANGE_UM)
    if not 0 <= radius < min(width, height):
        sizes = f"radius {radius:g}, width {width:g} and height {height:g} um"
        raise ProtocolError(f"a pore of {sizes} was asked for; expected a radius from 0 to less than the other two")
    if current == 0 or not np.isfinite(current):
        raise ProtocolError(f"the current density at a pore is {current} mA/cm2; expected a finite number other than 0")
    if cells != int(cells) or cells < 2:
        raise ProtocolError(f"{cells} cells were asked for at a pore; expected a whole number from 2")
