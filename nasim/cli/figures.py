"""Figures of a command: drawn without a window, each written whole."""


def without_windows():
    """Draw to files only, whatever matplotlib is set up for."""
    import matplotlib

    matplotlib.use("Agg")


def save(axes, path, dpi: float | None = 150):
    """Write the figure of one axes, or of an array of them, and let it go."""
    import numpy
    from matplotlib import pyplot

    from ..files import write_whole

    figure = numpy.ravel(axes)[0].figure
    write_whole(
        path, lambda part: figure.savefig(part, dpi=dpi or "figure", format=path.suffix[1:], bbox_inches="tight")
    )
    pyplot.close(figure)
