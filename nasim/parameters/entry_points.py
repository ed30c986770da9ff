"""PyBaMM's entry points: every shipped set as a function."""

from .loading import load


class SetFunction:
    """Called, it returns the values of a shipped set; its docstring is the set's title, text and sources."""

    def __init__(self, name):
        parameters = load(name)
        cited = [f"- {source.citation} {source.doi or source.url}" for source in parameters.sources.values()]
        self.__name__ = name
        self.__doc__ = "\n".join([parameters.title, "", parameters.description.strip(), "", "Sources:", *cited])

    def __call__(self):
        return load(self.__name__).as_values()
