"""What a set file may hold, also in words for the error messages."""

from typing import Literal, get_args

ValueKind = Literal["measured", "literature", "derived", "fitted", "assumed", "setting"]
VALUE_KINDS = get_args(ValueKind)
UNSURE = ("fitted", "assumed")

EXPECTED = {
    "title": "a line of text",
    "description": "text",
    "extends": "the name of a shipped set, or the path of a file relative to this one",
    "calibration": "a table",
    "citation": "text: authors, journal, year",
    "doi": "text such as '10.1039/d4ee06171c'",
    "url": "text",
    "model": "'full', 'symmetric' or 'blocking'",
    "chains": "a list of redox chains such as ['Sulfur', 'Sb-S']",
    "separator": "a list of layer names such as ['separator']",
    "electrolyte": "the name of a material, such as 'NAS'",
    "anode": "the name of a material, such as 'Na15Sn4'",
    "catholyte": "the name of a material, such as 'NAS'",
    "active": "the name of a material, such as 'S'",
    "formula": "a chemical formula such as 'Na2.9Sb0.9W0.1S4'",
    "molar_mass": "a number above 0, kg mol-1",
    "ion": "'Na+' or 'Li+'",
    "label": "text",
    "interphase": "'growing' or 'none'",
    "beside": "a table of anodes such as {Na = 'growing'}",
    "electrode": "'alloy' or 'metal'",
    "plateaus": "a table such as {Sb-NaSb = 1.0, NaSb-Na3Sb = 3.0}: phases, and ions per atom at which their plateau ends",
    "values": "tables of parameters that the material brings, [materials.KIND.NAME.values.'PARAMETER']",
    "reference": "text such as 'Na/Na+'",
    "chain": "the name of a redox chain such as 'Sb-S', or ''",
    "value": "a finite number in the unit of the name, or {curve = 'file.csv'}",
    "kind": "one of " + ", ".join(VALUE_KINDS),
    "source": "text: a key of [sources]",
    "where": "text: the figure, table or section",
    "range": "[lowest, highest], two finite numbers",
    "admissible": "[lowest, highest], two finite numbers that hold the range",
    "density": "a number above 0, kg m-3",
    "design": "a table of design quantities such as sulfur_loading_mg_cm2",
    "standard_error": "a finite number, not negative",
    "fitted_to": "a list of target ids such as ['NAS-D1']",
    "note": "text",
}
"""What each key of a set file must hold, in the words of the error messages."""

STRICT = {"strict": True, "extra": "forbid", "allow_inf_nan": False}
"""How pydantic checks a table of a set file: nothing is converted, nothing is ignored."""
