"""Functions of a model as C, for machine code made at run time by the compiler of this machine, kept in the user's cache."""

import ctypes
import re
from collections import defaultdict
from collections.abc import Sequence

import casadi

from .instructions import Instructions, Result
from .library import loaded
from .operations import OPERATIONS
from .program import Program

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


def compile_programs(programs: Sequence[Program], functions: Sequence[casadi.Function], more: str = "") -> ctypes.CDLL:
    """Let programs run machine code instead of their batches; returns the library that it is in, which they keep alive.

    Parameters
    ----------
    programs : sequence of Program
    functions : sequence of casadi.Function
        What they were made of.
    more : str
        More C to compile.

    Raises
    ------
    NoLibrary
        There is no compiler, or it fails.
    """
    texts = [source(function) for function in functions]
    made = loaded({"model.c": HEAD + "".join(texts) + more}, "model", QUICK)
    for program, function in zip(programs, functions, strict=True):
        for role in ("prepare", "code"):
            setattr(program.structure, role, pointer(made, f"{function.name()}_{role}"))
        program.keep(made)
    return made


def pointer(made: ctypes.CDLL, name: str) -> int | None:
    """Return where a function of a library lies."""
    return ctypes.cast(getattr(made, name), ctypes.c_void_p).value


def source(function: casadi.Function) -> str:
    """Return two functions in C: ``prepare`` takes the inputs in, ``code`` evaluates (see ``function`` in engine.h)."""
    code, name = Instructions(function), function.name()
    once, first = code.once(), 1 + code.states
    before = [number for number, alone in enumerate(once) if alone]
    after = [number for number, alone in enumerate(once) if not alone]
    parts = [after[k : k + PART] for k in range(0, len(after), PART)]
    wanted, out = _wanted(code, [before, *parts]), defaultdict(str)
    for k, one in enumerate(code.outputs):
        found = one.number if isinstance(one, Result) and not once[one.number] else None
        out[found] += f"out[{k}] = {_operand(code, one, (found,))};\n"
    taken = f"memcpy(m + {first}, p, sizeof(double) * {code.inputs});\n"
    arguments = "double t, const double *restrict y, double *restrict m, double *restrict out"
    calls = "".join(f"{name}_{k}(t, y, m, out);\n" for k in range(len(parts)))
    return "".join(
        [
            f"EXPORT void {name}_prepare(const double *p, double *m)\n{{\n{taken}{_body(code, before, wanted, {})}}}\n",
            *(
                f"static void {name}_{k}({arguments})\n{{\n(void)t;\n{_body(code, part, wanted, out)}}}\n"
                for k, part in enumerate(parts)
            ),
            f"EXPORT void {name}_code({arguments})\n{{\n{calls}{out[None]}}}\n",
        ]
    )


def _wanted(code, parts):
    """Results that go to memory: another part reads them, or they are known beforehand and an output."""
    part = {number: k for k, numbers in enumerate(parts) for number in numbers}
    found = {one.number for one in code.outputs if isinstance(one, Result) and part[one.number] == 0}
    for number, step in enumerate(code.steps):
        found |= {one.number for one in step.operands if isinstance(one, Result) and part[one.number] != part[number]}
    return found


def _body(code, numbers, wanted, out):
    """Statements for some instructions, with those that write their outputs; results stay in registers unless `wanted`."""
    here, lines = set(numbers), []
    for number in numbers:
        operation, operands = code.steps[number]
        values = dict(zip("xyz", (_operand(code, one, here) for one in operands), strict=False))
        kept = f"m[{code.first_result + number}] = " if number in wanted else ""
        lines.append(f"const double r{number} = {kept}{_filled(OPERATIONS[operation], values)};\n{out.get(number, '')}")
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
