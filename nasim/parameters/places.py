"""Where sets are: inside an installed package, beside the package in the repository, or where a user says."""

from pathlib import Path

from ..errors import ParameterSetError, UnknownNameError, nearest


def available():
    """Names of the shipped sets, sorted."""
    return sorted({path.stem for folder in folders() for path in folder.glob("*.toml")})


def folders():
    """Where shipped sets are: inside an installed package, or beside the package in the repository."""
    package = Path(__file__).parent.parent
    return [folder for folder in (package / "parameter_sets", package.parent / "parameter_sets") if folder.is_dir()]


def locate(name_or_path, beside=Path()):
    """Path of a shipped set, by name, or of a user's file; UnknownNameError or ParameterSetError if there is none."""
    text = str(name_or_path)
    if text.endswith(".toml") or "/" in text or "\\" in text or isinstance(name_or_path, Path):
        path = beside / Path(text).expanduser()
        if not path.is_file():
            raise ParameterSetError(f"Parameter-set file '{path}' does not exist or is not a file.")
        return path
    for folder in folders():
        if text in {path.stem for path in folder.glob("*.toml")}:
            return folder / f"{text}.toml"
    known = available()
    raise UnknownNameError(
        f"Unknown parameter set '{text}'; expected one of {', '.join(known)}, or the path of a .toml file. "
        f"{nearest(text, known)}".strip()
    )
