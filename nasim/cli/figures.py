"""Figures of a command: drawn without a window, each written whole."""


def without_windows():
    """Draw to files only, whatever matplotlib is set up for."""
    import matplotlib

    matplotlib.use("Agg")


def save(axes, path, dpi: float | None = 150):
    """Write the figure of one axes, or of an array of them, and let it go."""
    import warnings

    import numpy
    from matplotlib import pyplot

    from ..files import write_whole

    figure = numpy.ravel(axes)[0].figure

    def draw(part):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph")  # of a letter that the font lacks
            figure.savefig(part, dpi=dpi or "figure", format=path.suffix[1:], bbox_inches="tight")

    write_whole(path, draw)
    pyplot.close(figure)
