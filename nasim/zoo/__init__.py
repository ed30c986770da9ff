"""The cells as a collection of PyBaMM's model zoo: a folder a model, with manifest, citation, example and test.

The entry point ``pybamm_zoo_models`` leads ``pybamm_model_zoo`` here: ``pybamm_model_zoo.load("NaSFullCell")()``.
"""
