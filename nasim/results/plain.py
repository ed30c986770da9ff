"""Values as JSON has them."""

import math
from typing import Any


def plain(value: Any) -> Any:
    """Return the value with numpy numbers as Python's and NaN as None, so that it is valid JSON.

    >>> import numpy as np
    >>> plain({"x": (np.float64(1.5), float("nan"))})
    {'x': [1.5, None]}
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
