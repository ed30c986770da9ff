"""Functions of a model as C, for machine code made at run time by the compiler of this machine, kept in the user's cache."""

import ctypes
import re
from collections.abc import Sequence

import casadi

from .library import loaded
from .operations import OPERATIONS
from .program import Instructions, Program, Result

HEAD = """#include <math.h>
#include <string.h>
#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif
"""
QUICK = "-O1"
"""Optimisation of code without loops: more takes several times as long to compile and is not faster."""


PART = 250
"""Instructions in a function: compilers take more than proportionally long for long ones."""


def compile_programs(programs: Sequence[Program], functions: Sequence[casadi.Function]) -> None:
    """Let programs run machine code instead of their batches; `functions` are what they were made of.

    Raises
    ------
    NoLibrary
        There is no compiler, or it fails.
    """
    texts = [source(function) for function in functions]
    made = loaded({"model.c": HEAD + "".join(texts)}, "model", QUICK)
    for program, function in zip(programs, functions, strict=True):
        for role in ("prepare", "code"):
            pointer = ctypes.cast(getattr(made, f"{function.name()}_{role}"), ctypes.c_void_p)
            setattr(program.structure, role, pointer.value)
    programs[0].keep(made)


def source(function: casadi.Function) -> str:
    """Return two functions in C: ``prepare`` takes the inputs in, ``code`` evaluates (see ``function`` in engine.h)."""
    code, name = Instructions(function), function.name()
    once, first = code.once(), 1 + code.states
    before = [number for number, alone in enumerate(once) if alone]
    after = [number for number, alone in enumerate(once) if not alone]
    start = f"memcpy(m + {first}, p, sizeof(double) * {code.inputs});\n"
    parts = [after[k : k + PART] for k in range(0, len(after), PART)]
    calls = "".join(f"{name}_{k}(t, y, m);\n" for k in range(len(parts)))
    outputs = "".join(f"out[{k}] = {_operand(code, one)};\n" for k, one in enumerate(code.outputs))
    return "".join(
        [
            f"EXPORT void {name}_prepare(const double *p, double *m)\n{{\n{start}{_body(code, before)}}}\n",
            *(
                f"static void {name}_{k}(double t, const double *y, double *m)\n{{\n(void)t;\n{_body(code, part)}}}\n"
                for k, part in enumerate(parts)
            ),
            f"EXPORT void {name}_code(double t, const double *y, double *m, double *out)\n{{\n{calls}{outputs}}}\n",
        ]
    )


def _body(code, numbers):
    """Statements for some instructions; all results go to memory, those of these instructions are read from registers."""
    here, lines = set(numbers), []
    for number in numbers:
        operation, operands = code.steps[number]
        values = dict(zip("xyz", (_operand(code, one, here) for one in operands), strict=False))
        expression = _filled(OPERATIONS[operation], values)
        lines.append(f"const double r{number} = m[{code.first_result + number}] = {expression};\n")
    return "".join(lines)


def _operand(code, one, here=()):
    if isinstance(one, Result):
        return f"r{one.number}" if one.number in here else f"m[{code.first_result + one.number}]"
    if one >= code.first_constant:
        return _literal(code.constants[one - code.first_constant])
    if one > code.states:
        return f"m[{one}]"
    return f"y[{one - 1}]" if one else "t"


def _literal(value: float) -> str:
    """A number in C, to the last bit.

    >>> _literal(0.1), _literal(float("-inf"))
    ('(0x1.999999999999ap-4)', '(-INFINITY)')
    """
    if value != value:
        return "NAN"
    return f"({value.hex()})" if abs(value) < float("inf") else f"({'-' if value < 0 else ''}INFINITY)"


def _filled(expression, values):
    """An expression of `OPERATIONS` with its operands put in; they stand alone in it as words."""
    return re.sub(r"\b[xyz]\b", lambda letter: values[letter[0]], expression)
