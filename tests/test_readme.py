"""What the README shows runs."""

import re
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

README = Path(__file__).parent.parent / "README.md"
BLOCKS = re.findall(r"```python\n(.*?)```", README.read_text(), re.S)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_code_block_runs(number):
    exec(compile(BLOCKS[number], f"README block {number}", "exec"), {})
    plt.close("all")


def test_there_are_blocks_and_commands():
    text = README.read_text()
    assert BLOCKS
    assert "<!-- run command -->" in text
    assert "<!-- test command -->" in text


def test_figures_and_pages_exist():
    for name in re.findall(r"\]\((?!http)(.*?)\)", README.read_text()):
        assert (README.parent / name).is_file(), name


def test_it_fits_on_two_screens():
    text = README.read_text()
    assert len(text.splitlines()) <= 90
    assert len(re.findall(r"!\[", text)) == 1


def test_commands_named_in_the_readme_exist():
    for words in (["run", "gcd"], ["run", "cycle"], ["run", "rate"], ["sets"]):
        outcome = subprocess.run([sys.executable, "-m", "nasim", *words, "--help"], capture_output=True, check=False)
        assert outcome.returncode == 0, words
