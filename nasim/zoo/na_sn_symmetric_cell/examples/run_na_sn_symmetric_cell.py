"""Run NaSnSymmetricCell with the values of its own parameter set."""

import pybamm

import nasim


def main() -> float:
    """Return the voltage [V] after 600 s at the default current."""
    model = nasim.SymmetricCell()
    solution = pybamm.Simulation(model, parameter_values=model.default_parameter_values).solve([0, 600])
    return float(solution["Voltage [V]"].entries[-1])


if __name__ == "__main__":
    print(main())
