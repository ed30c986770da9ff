"""Published rows, how each is read off a run, calibration, scorecard and sensitivity."""
