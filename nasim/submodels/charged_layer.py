r"""A resistance with its capacitance in parallel, in series with the rest of the cell: one arc of an impedance spectrum.

.. math:: C\,\frac{d\eta}{dt} = i - \frac{\eta}{R}, \qquad Z(\omega) = \frac{R}{1 + j\omega R C}

eta (V, positive on discharge) is a state and is subtracted in `circuit`; R in Ohm m2, C in F m-2, i in A m-2. At frequencies
far above 1/(2 pi R C) the layer passes current through its capacitance and costs nothing; at rest it relaxes to zero.
"""


def charging_rate(i, eta, resistance, capacitance):
    """Rate of change [V s-1] of the voltage `eta` [V] of a charged layer under a current `i` [A m-2].

    >>> charging_rate(1.0, 0.25, 0.5, 0.25)
    2.0
    """
    return (i - eta / resistance) / capacitance


def time_constant(resistance, capacitance):
    """R C [s]; its arc has the apex at 1/(2 pi R C).

    >>> time_constant(5e-3, 1e-3)
    5e-06
    """
    return resistance * capacitance
