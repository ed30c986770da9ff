"""Every public object with arguments documents them, what it returns and what it raises."""

import dataclasses
import inspect
import re
from importlib import import_module

import pytest

import nasim

ROOMS = ("nasim", *(f"nasim.{room}" for room in ("analysis", "evidence", "fit", "parameters", "plot", "sweep")))


def public():
    """Name -> function or class, each once: names of the rooms, and the methods of the classes among them."""
    objects = {}
    for room in ROOMS:
        module = import_module(room)
        for name in module.__all__:
            known = getattr(module, name)
            module_called = inspect.ismodule(known)
            if not module_called and known not in objects.values() and callable(known):
                objects[f"{room}.{name}"] = known
    for name, known in list(objects.items()):
        if inspect.isclass(known) and known.__module__.startswith("nasim"):
            for attribute, value in vars(known).items():
                function = value.__func__ if isinstance(value, staticmethod | classmethod) else value
                inherited = any(getattr(base, attribute, None) for base in known.__mro__[1:])  # documented there
                if inspect.isfunction(function) and not attribute.startswith("_") and not inherited:
                    objects[f"{name}.{attribute}"] = function
    return {name: known for name, known in objects.items() if not _left_out(known)}


def _left_out(known):
    """Errors; the physics, whose docstrings state equations, is held to its own contract."""
    return (inspect.isclass(known) and issubclass(known, Exception)) or "submodels" in known.__module__


OBJECTS = public()


def arguments(known):
    if dataclasses.is_dataclass(known):
        return [field.name for field in dataclasses.fields(known) if field.init]
    return [name for name in inspect.signature(known).parameters if name not in ("self", "cls")]


def named(text, name):
    """Whether a section of parameters or attributes describes an argument, alone or with others."""
    return re.search(rf"^ *(?:\**\w+, )*\**{name}(?:, \**\w+)* *(?::|$)", text, re.M) is not None


def faults(known):
    text, given = inspect.getdoc(known) or "", arguments(known)
    fields = "Attributes\n----" in text and inspect.isclass(known)
    if given and "Parameters\n----" not in text and not fields:
        yield "no section Parameters"
    else:
        yield from (f"'{name}' is not described" for name in given if not named(text, name))
    source = inspect.getsource(known)
    own = (
        source
        if not inspect.isclass(known)
        else "".join(re.findall(r"    def __(?:init|post_init)__.*?(?=\n    def |\Z)", source, re.S))
    )
    if not inspect.isclass(known) and re.search(r"^ +return \S", source, re.M):
        said = re.match(r"(Return|Yield|Draw|Find|Fit|Take|Run|Integrate|Evaluate)\b|.*\breturns\b", text, re.S)
        if "Returns\n----" not in text and not said:
            yield "does not say what it returns"
    if re.search(r"^ +raise \w", own, re.M) and "Raises\n----" not in text and not re.search(r"\bRaise", text):
        yield "no section Raises"


@pytest.mark.parametrize("name", OBJECTS)
def test_documented(name):
    assert list(faults(OBJECTS[name])) == []


def test_it_sees_many():
    assert len(OBJECTS) > 140 and nasim.GCD in OBJECTS.values()
