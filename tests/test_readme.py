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
    assert len(BLOCKS) >= 2
    assert "<!-- run command -->" in text
    assert "<!-- test command -->" in text


def test_figures_exist():
    for name in re.findall(r"!\[.*?\]\((.*?)\)", README.read_text()):
        assert (README.parent / name).is_file(), name


def test_commands_named_in_the_readme_exist():
    for words in (["run", "gcd"], ["run", "cycle"], ["run", "rate"], ["sets"]):
        outcome = subprocess.run([sys.executable, "-m", "nasim", *words, "--help"], capture_output=True, check=False)
        assert outcome.returncode == 0, words
