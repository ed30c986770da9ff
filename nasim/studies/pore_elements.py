"""Finite elements for `nasim.studies.pore`: the mapped grid beside the pore, the weak form, Newton's method.

The grid is structured, so that it needs no mesh generator: rays from the rim of the pore to the outer box, closer
together towards the corner of rim and deposition surface, where the potential behaves as r^2 log r. Its triangles are
quadratic and curved, like the potential on them. scikit-fem is imported when it is needed.
"""

from typing import Any

import numpy as np

from ..errors import MissingExtraError, SolveError, install

NEWTON_STEPS = 60
"""Steps after which a solution that has not converged is given up; near 0.1 mA cm-2 two are enough."""
CONVERGED = 1e-11
"""Largest sum of residuals, relative to the current through the cut: charge is conserved to this."""
STALLED = 1e-12
"""Change of the potential, relative to the largest, below which rounding is all that is left."""
SURFACE, FAR = "surface", "far"


def scikit_fem():
    """The module, or an error that says how to get it."""
    try:
        import skfem
    except ImportError as error:
        raise MissingExtraError(f"The pore study needs scikit-fem: {install('studies')}") from error
    return skfem


def pore_mesh(radius, width, height, cells):
    """Curved triangles of the box `width` by `height` [m] less a quarter disc of `radius` at its lower left corner.

    Its facets "surface" (y = 0) and "far" (y = height) are named. s in [0, 1] runs from the rim outwards, t in [0, 1]
    along the rim up to the ray that meets the outer corner and in [1, 2] on to the axis.
    """
    fem, even, close = scikit_fem(), np.linspace(0, 1, cells + 1), np.linspace(0, 1, cells + 1) ** 2
    if radius == 0:
        grid = fem.MeshTri2.from_mesh(fem.MeshTri.init_tensor(width * even, height * even))
        named = {SURFACE: lambda x: x[1] == 0, FAR: lambda x: x[1] == height}
        return grid.with_boundaries(named)
    grid = fem.MeshTri2.from_mesh(fem.MeshTri.init_tensor(close, np.r_[close, 1 + even[1:]]))
    named = {
        SURFACE: grid.facets_satisfying(lambda x: x[1] == 0),
        FAR: grid.facets_satisfying(lambda x: (x[0] == 1) & (x[1] > 1)),
    }
    s, t = grid.doflocs
    return fem.MeshTri2(mapped(s, t, radius, width, height), grid.t).with_boundaries(named)


def mapped(s, t, radius, width, height):
    """Points [m], an array of x and y, of the grid coordinates of `pore_mesh`.

    >>> mapped(0.0, 0.0, 1.0, 5.0, 4.0).tolist(), mapped(1.0, 1.0, 1.0, 5.0, 4.0).round(12).tolist()
    ([1.0, 0.0], [5.0, 4.0])
    """
    corner = np.arctan2(height, width)
    theta = np.where(t <= 1, corner * t, corner + (np.pi / 2 - corner) * (t - 1))
    outer_x = np.where(t <= 1, width, height / np.tan(np.maximum(theta, corner)))
    outer_y = np.where(t <= 1, width * np.tan(np.minimum(theta, corner)), height)
    x = (1 - s) * radius * np.cos(theta) + s * outer_x
    y = (1 - s) * radius * np.sin(theta) + s * outer_y
    return np.array([np.where(t == 2, 0.0, x), y])


def solve(mesh, sigma, kinetics, supplied, area):
    """Potential [V] at the unknowns, and the steps taken; `kinetics` has `current` and `slope`.

    `supplied` [A m-2] enters at the far side, which is `area` [m] wide. The unknown is what the potential adds to that of
    a uniform current, so that rounding is relative to the small differences along the interface.
    """
    fem, basis, surface, far = scikit_fem(), *bases(mesh)
    conduction = fem.BilinearForm(lambda u, v, w: sigma * (u.grad[0] * v.grad[0] + u.grad[1] * v.grad[1]))
    deposition = fem.LinearForm(lambda v, w: kinetics.current(even + w["added"]) * v)
    slope = fem.BilinearForm(lambda u, v, w: kinetics.slope(even + w["added"]) * u * v)
    stiffness, load = conduction.assemble(basis), fem.LinearForm(lambda v, w: supplied * v).assemble(far)
    even, added, change = uniform_potential(kinetics, supplied * area / surface.dx.sum()), np.zeros(basis.N), np.inf
    for step in range(NEWTON_STEPS):
        at = surface.interpolate(added)
        residual = stiffness @ added + deposition.assemble(surface, added=at) - load
        if not np.isfinite(residual).all():
            break
        if np.abs(residual).sum() < CONVERGED * abs(supplied) * area or change < STALLED * np.abs(added).max():
            return even + added, step
        correction: Any = fem.solve(stiffness + slope.assemble(surface, added=at), residual)
        added, change = added - correction, np.abs(correction).max()
    raise SolveError(
        f"the potential at the pore did not converge in {step + 1} steps of Newton's method "
        f"for {supplied / 10:g} mA/cm2; a smaller current density, or a larger exchange current, should"
    )


def uniform_potential(kinetics, current):
    """Potential [V] at which the whole surface would carry `current` [A m-2]."""
    from scipy.optimize import brentq

    slowest = min(kinetics.gamma, 1 - kinetics.gamma) * kinetics.f
    bound = 1.01 * np.log1p(abs(current) / kinetics.i0) / slowest
    root: Any = brentq(lambda phi: kinetics.current(phi) - current, -bound, bound)
    return float(root)


def bases(mesh):
    """Quadratic elements on the mesh, on its deposition surface and on its far side."""
    fem = scikit_fem()
    faces = (fem.FacetBasis(mesh, fem.ElementTriP2(), facets=name, intorder=8) for name in (SURFACE, FAR))
    return fem.Basis(mesh, fem.ElementTriP2()), *faces


def collected(mesh, kinetics, phi):
    """Current [A m-1] through the deposition surface."""
    _, surface, _ = bases(mesh)
    total = scikit_fem().Functional(lambda w: kinetics.current(w["phi"]))
    return float(total.assemble(surface, phi=surface.interpolate(phi)))


def along_surface(mesh, phi):
    """Positions [m] on the deposition surface in increasing order, and the potential [V] there."""
    basis, _, _ = bases(mesh)
    unknowns = basis.get_dofs(SURFACE).all()
    order = unknowns[np.argsort(basis.doflocs[0, unknowns])]
    return basis.doflocs[0, order], phi[order]
