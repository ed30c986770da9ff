"""``nasim`` and ``python -m nasim``: imports the command line where Ctrl-C is heard already."""

import sys


def main():
    """Entry point of the ``nasim`` command."""
    try:
        from .cli import main as command

        command()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
