"""The order in which coupled variables can be computed: each mechanism after those that give what it needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..errors import CompositionError
from ..submodels.mechanism import Mechanism


def coupled_order(who: str, parts: Sequence[Mechanism], known: Collection[str]) -> list[Mechanism]:
    """Return `parts` so sorted that each finds its `needs` given by `known` variables or by a part before it.

    Raises
    ------
    CompositionError
        Some of them need each other in a circle.
    """
    known, waiting, order = set(known), list(parts), []
    while waiting:
        ready = [part for part in waiting if known.issuperset(part.needs)]
        if not ready:
            raise CompositionError(_circle(who, waiting, known))
        order += ready
        known.update(name for part in ready for name in part.gives)
        waiting = [part for part in waiting if part not in ready]
    return order


def _circle(who: str, waiting: Sequence[Mechanism], known: Collection[str]) -> str:
    """Return the sentence that names each mechanism of a circle among `waiting`, and what it needs of the next one."""
    givers = {name: part for part in waiting for name in part.gives}
    chain, part = [], waiting[0]
    while part not in [link[0] for link in chain]:
        name = next(name for name in part.needs if name not in known)
        chain.append((part, name))
        part = givers[name]
    start = [link[0] for link in chain].index(part)
    links = [f"{part.name} needs '{name}' of {givers[name].name}" for part, name in chain[start:]]
    return (
        f"The mechanisms of '{who}' need each other in a circle: {', '.join(links)}. What follows from states alone "
        f"belongs in get_state_variables; what only equations read is stated under rate_needs, not under needs."
    )
