"""The table of protocols: the command line, sweeps, saved results and the scorecard all look a protocol up here.

A new protocol is its file and a line in `PROTOCOLS`. The class is imported when it is asked for, so that the table costs
nothing; its attribute `result` names the class of what it gives.
"""

from importlib import import_module

from .errors import UnknownNameError, nearest

PROTOCOLS = {
    "gcd": "nasim.experiments.gcd:GCD",
    "cycle": "nasim.experiments.cycling:Cycling",
    "rate": "nasim.experiments.rate_test:RateTest",
    "gitt": "nasim.experiments.gitt:GITT",
    "pulse": "nasim.experiments.pulse:Pulse",
    "hold": "nasim.experiments.hold:Hold",
    "rest": "nasim.experiments.rest:Rest",
    "calendar": "nasim.experiments.calendar_ageing:CalendarAgeing",
    "profile": "nasim.experiments.drive_profile:DriveProfile",
    "temperature": "nasim.experiments.temperature_ramp:TemperatureRamp",
    "ccd": "nasim.experiments.critical_current:CriticalCurrent",
    "symmetric": "nasim.experiments.symmetric:SymmetricCycling",
    "cv": "nasim.experiments.cv:CV",
    "eis": "nasim.experiments.eis:EIS",
    "ocv-eis": "nasim.experiments.ocv_eis:OpenCircuitEIS",
}
"""Word of the command line and of a record -> "module:class"."""


def protocol_class(word: str) -> type:
    """Return the class of the protocol that `word` stands for.

    Raises
    ------
    UnknownNameError
        There is no such protocol.
    """
    if word not in PROTOCOLS:
        expected = f"There is no experiment '{word}'; expected one of {', '.join(PROTOCOLS)}."
        raise UnknownNameError(expected, nearest(word, PROTOCOLS))
    module, name = PROTOCOLS[word].split(":")
    return getattr(import_module(module), name)
