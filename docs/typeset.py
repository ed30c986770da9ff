"""Symbols in the prose of docstrings, set as mathematics in the pages: k_max, Delta V, eta. A docstring stays as one reads it in an editor."""

import re

GREEK = "alpha|beta|gamma|delta|epsilon|eps|eta|kappa|lambda|mu|xi|rho|sigma|tau|phi|omega|Omega|Lambda"
INDEX = r"_(?P<index>[A-Za-z]{1,6}\d?|\d{1,2})"
SYMBOL = re.compile(
    rf"(?<![\w.\\])(?P<delta>Delta )?(?P<name>(?:{GREEK})\b|(?:{GREEK})(?=_)|[A-Za-z]{{1,2}}(?=_)|(?<=Delta )[A-Z]\b)(?:{INDEX})?(?![\w(])"
)
KEPT = re.compile(r"(?:(:\w+:)?`+[^`]+`+_?)|(?P<formula>\b[A-Z][a-z]?_x[A-Z]\w*)")
"""What is no symbol: roles and literals, which are left alone, and formulae such as Sb_xS_y."""


def typeset(text):
    r"""A line of prose with its symbols as mathematics.

    >>> typeset("bounded by k_max, Delta V and `eta_x`; Sb_xS_y of eps_0")
    'bounded by :math:`k_{\\mathrm{max}}`, :math:`\\Delta V` and `eta_x`; :math:`\\mathrm{Sb}_{x}\\mathrm{S}_{y}` of :math:`\\varepsilon_{0}`'
    """
    parts, at = [], 0
    for kept in KEPT.finditer(text):
        parts += [SYMBOL.sub(_as_math, text[at : kept.start()]), _formula(kept[0]) if kept["formula"] else kept[0]]
        at = kept.end()
    return "".join([*parts, SYMBOL.sub(_as_math, text[at:])])


def prose(lines):
    """Typeset the lines of a docstring that are prose, in place: no equations, tables, doctests or other indented blocks."""
    block = None
    for k, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if block is not None and line.strip() and indent <= block:
            block = None
        if re.match(r"\s*\.\. ", line):
            block = indent
        if block is None and not re.match(r"\s*(>>>|\.\.\. |=+ )", line) and "  " not in line.strip():
            lines[k] = typeset(line)


def _as_math(match):
    name, index = _letter(match["name"]), match["index"] or ""
    if len(index) > 1 and index not in GREEK.split("|"):
        index = "\\mathrm{" + index + "}"
    whole = ("\\Delta " if match["delta"] else "") + name + ("_{" + _letter(index) + "}" if index else "")
    return f":math:`{whole}`"


def _formula(text):
    parts = re.findall(r"([A-Z][a-z]?)(?:_?([a-z]|\d+))?(?![a-z])", text)
    return (
        ":math:`" + "".join(rf"\mathrm{{{name}}}" + (f"_{{{index}}}" if index else "") for name, index in parts) + "`"
    )


def _letter(name):
    return "\\" + {"eps": "varepsilon"}.get(name, name) if name in GREEK.split("|") else name
