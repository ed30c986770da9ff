"""The other project of this import name: what is said where it was installed over this package; hints that name ours."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from patience import PATIENCE_S

import nasim
from nasim.errors import DISTRIBUTION, install

ROOT = Path(nasim.__file__).parent
PROJECT = tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["project"]


def test_the_distribution_is_the_one_of_the_hints():
    assert PROJECT["name"] == DISTRIBUTION == nasim.__distribution__


def test_importing_says_that_another_package_is_there(tmp_path):
    package = tmp_path / "nasim"
    shutil.copytree(ROOT, package, ignore=shutil.ignore_patterns("__pycache__", "parameter_sets"))
    (package / "__init__.py").write_text('__version__ = "0.12.0"\n')  # theirs over ours
    code = "import nasim.parameters"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=PATIENCE_S
    )
    assert done.returncode == 1
    message = done.stderr.splitlines()[-1]
    assert message.startswith("ImportError") and str(package) in message and "pip install nasim-cells" in message


def test_an_archive_says_that_it_wants_to_be_installed(tmp_path):
    shutil.copytree(ROOT, tmp_path / "in" / "nasim", ignore=shutil.ignore_patterns("__pycache__", "parameter_sets"))
    archive = shutil.make_archive(str(tmp_path / "nasim"), "zip", tmp_path / "in")
    code = f"import sys; sys.path.insert(0, {archive!r}); import nasim"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=PATIENCE_S
    )
    assert "ImportError: nasim cannot run out of an archive" in done.stderr and "pip install" in done.stderr


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_hints_name_this_distribution(path):
    text = path.read_text()
    assert "pip install nasim[" not in text and "pip install 'nasim[" not in text and 'pip install "nasim[' not in text
    for part in text.split("install('")[1:]:
        assert part.split("')")[0] in PROJECT["optional-dependencies"], part[:40]


def test_the_readme_names_it():
    assert install("lab") in (ROOT.parent / "README.md").read_text()
