"""Names: units that parse, one name for one thing, and no name spelled anywhere else."""

import ast
import re
from pathlib import Path

import pint
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.nomenclature import Chain, Layer, Side, loss_of, unit_of

UNITS = pint.UnitRegistry()
SYMBOLS = {"A", "C", "F", "h", "J", "K", "kg", "m", "mol", "Ohm", "Pa", "S", "s", "V", "W"}
SUBMODELS = Path(nasim.__file__).parent / "submodels"
LABEL = re.compile(r"[A-Z][^\[\]]* \[[^\[\]]+\]")


def texts_of(thing):
    """The names that an object of names holds: those of its properties, and of its methods per species or reaction."""
    found = [getattr(thing, name, None) for name in dir(type(thing)) if name[0] != "_"]
    found = [text for text in found if isinstance(text, str)]
    if isinstance(thing, Chain):
        species, links = range(len(thing.species)), thing.links
        for of, numbers in (
            (("graded", "amount_of", "connected", "isolated", "fraction"), species),
            (("U", "dUdT", "n"), links),
        ):
            found += [getattr(thing, name)(k) for name in of for k in numbers]
        of = ("i0", "alpha", "Ea", "potential", "forward", "backward", "graded_current", "current", "oxidation", "loss")
        found += [getattr(thing, name)(step) for name in of for step in thing.steps]
    return [text for text in found if text not in (thing.name, getattr(thing, "domain", ""))]


THINGS = [value for value in vars(nm).values() if isinstance(value, Side | Chain | Layer)]
CONSTANTS = [value for key, value in vars(nm).items() if key.isupper() and isinstance(value, str)]
NAMES = sorted({*nm.PARAMETERS, *nm.TOTALS, *CONSTANTS, *(text for thing in THINGS for text in texts_of(thing))})


def parsed(unit):
    """The pint unit of "A.m-2", PyBaMM's grammar: symbols with their powers, joined by dots."""
    if unit == "-":
        return UNITS.dimensionless
    factors = [re.fullmatch(r"([A-Za-z]+)(-?\d+(?:\.\d+)?)?", factor) for factor in re.split(r"\.(?=[A-Za-z])", unit)]
    assert all(factors) and {match[1] for match in factors} <= SYMBOLS, unit
    symbols = [(match[1].replace("Ohm", "ohm"), match[2] or "1") for match in factors]
    return UNITS.parse_units("*".join(f"{symbol}**{power}" for symbol, power in symbols), case_sensitive=True)


def test_there_are_names_of_all_kinds():
    assert len(NAMES) > 150
    for name in (nm.VOLTAGE, nm.POSITIVE.potential, nm.SULFUR.i0(nm.SULFUR.steps[-1]), nm.SEPARATOR.Ea, nm.AREA):
        assert name in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_unit_of_a_name_parses_and_is_si(name):
    unit = parsed(unit_of(name))
    quantity = UNITS.Quantity(1.0, unit)
    if not name.endswith(("[A.h]", "[W.h]")):
        assert quantity.to_base_units().magnitude == pytest.approx(1.0, rel=1e-12), f"{unit} is no SI unit"
    assert name == name.strip() and name[0].isupper()
    assert name.count("[") == name.count("]") <= 1


@pytest.mark.parametrize(
    ("word", "dimension"),
    [
        ("current density", "A/m**2"),
        ("resistance", "ohm*m**2"),
        ("voltage loss", "V"),
        ("potential", "V"),
        ("thickness", "m"),
        ("activation energy", "J/mol"),
        ("stack pressure", "Pa"),
    ],
)
def test_what_is_called_alike_has_one_dimension(word, dimension):
    expected = UNITS.Quantity(1.0, dimension).dimensionality
    found = [name for name in NAMES if re.search(rf"{word} \[", name, re.IGNORECASE)]
    assert found
    for name in found:
        assert UNITS.Quantity(1.0, parsed(unit_of(name))).dimensionality == expected, name


def test_no_two_constants_share_a_name():
    assert len(set(CONSTANTS)) == len(CONSTANTS)


def test_each_parameter_has_a_meaning():
    for name, meaning in nm.PARAMETERS.items():
        assert len(meaning) > 3, name


def test_the_sides_differ_in_sign_and_name():
    assert nm.NEGATIVE.sign == -nm.POSITIVE.sign == 1
    assert not set(texts_of(nm.NEGATIVE)) & set(texts_of(nm.POSITIVE))


def test_the_loss_of_a_resistance_carries_its_name():
    assert loss_of(nm.SEPARATOR_RESISTANCE) == "Separator voltage loss [V]"
    assert unit_of(loss_of(nm.NEGATIVE.contact_resistance)) == "V"


@pytest.mark.parametrize("path", sorted(SUBMODELS.glob("*.py")), ids=lambda path: path.name)
def test_no_submodel_spells_a_name(path):
    tree = ast.parse(path.read_text())
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            assert not LABEL.fullmatch(node.value), f"line {node.lineno}: {node.value}"


def test_every_variable_of_a_cell_is_in_the_nomenclature():
    model = nasim.FullCell()
    spelled = {"Time [h]", "Current variable [A]"}
    losses = {name for name in model.variables if name.endswith("voltage loss [V]")}
    assert set(model.variables) - set(NAMES) - losses <= spelled
