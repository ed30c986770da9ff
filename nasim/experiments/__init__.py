"""Protocols: frozen objects with `.run(model, parameters)` -> `Result`."""
