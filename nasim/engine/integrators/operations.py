"""The operations of CasADi's scalar graphs, as C writes them; x, y and z are the operands.

Only the standard library is needed here: a wheel is built with it.
"""

OPERATIONS = {
    "ADD": "x + y",
    "SUB": "x - y",
    "MUL": "x * y",
    "DIV": "x / y",
    "NEG": "-x",
    "EXP": "exp(x)",
    "LOG": "log(x)",
    "POW": "pow(x, y)",
    "CONSTPOW": "pow(x, y)",
    "SQRT": "sqrt(x)",
    "SQ": "x * x",
    "TWICE": "2 * x",
    "SIN": "sin(x)",
    "COS": "cos(x)",
    "TAN": "tan(x)",
    "ASIN": "asin(x)",
    "ACOS": "acos(x)",
    "ATAN": "atan(x)",
    "SINH": "sinh(x)",
    "COSH": "cosh(x)",
    "TANH": "tanh(x)",
    "ASINH": "asinh(x)",
    "ACOSH": "acosh(x)",
    "ATANH": "atanh(x)",
    "FABS": "fabs(x)",
    "SIGN": "x < 0 ? -1.0 : x > 0 ? 1.0 : x",
    "INV": "1 / x",
    "FMIN": "fmin(x, y)",
    "FMAX": "fmax(x, y)",
    "LT": "x < y",
    "LE": "x <= y",
    "EQ": "x == y",
    "NE": "x != y",
    "NOT": "x == 0",
    "AND": "x != 0 && y != 0",
    "OR": "x != 0 || y != 0",
    "IF_ELSE_ZERO": "x != 0 ? y : 0",
    "ERF": "erf(x)",
    "LOG1P": "log1p(x)",
    "EXPM1": "expm1(x)",
    "FLOOR": "floor(x)",
    "CEIL": "ceil(x)",
    "ATAN2": "atan2(x, y)",
    "HYPOT": "hypot(x, y)",
    "COPYSIGN": "copysign(x, y)",
    "FMOD": "fmod(x, y)",
    "ASSIGN": "x",
    "MULADD": "x * y + z",
    "MULSUB": "x * y - z",
    "SUBMUL": "z - x * y",
}
"""CasADi's name of an operation, after its prefix ``OP_`` -> expression; the last three join two of CasADi's."""
NUMBERS = {name: number for number, name in enumerate(OPERATIONS)}
PRODUCTS = {("ADD", 0): "MULADD", ("ADD", 1): "MULADD", ("SUB", 0): "MULSUB", ("SUB", 1): "SUBMUL"}
"""A sum or difference and the place of a product among its operands -> the operation that joins both."""


def header() -> str:
    """Return ``operations.h``: a line for each operation, with its number."""
    kinds = {"x": "ONE", "y": "TWO", "z": "THREE"}
    lines = []
    for name, expression in OPERATIONS.items():
        last = max(set(expression) & set(kinds))
        length = "exact" if "(" in expression else "whole"
        lines.append(f"{kinds[last]}({NUMBERS[name]}, {length}, {expression})\n")
    return "".join(lines)
