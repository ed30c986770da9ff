"""Sphinx settings. Build with ``python -m sphinx -W -b html docs results/docs``."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MPLBACKEND", "Agg")
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

import modules  # noqa: E402
import typeset  # noqa: E402
from docutils import nodes  # noqa: E402
from sphinx import addnodes  # noqa: E402
from sphinx.util.images import get_image_size  # noqa: E402

import nasim  # noqa: E402

project = "nasim"
author = "The nasim developers"
copyright = "the nasim developers, BSD-3-Clause"  # noqa: A001
release = version = nasim.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx-mathjax-offline",
]
exclude_patterns = ["_build"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_inherit_docstrings = False
autosummary_generate = False
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
default_role = "code"

html_theme = "pydata_sphinx_theme"
html_title = "nasim"
html_theme_options = {
    "navigation_with_keys": False,
    "show_prev_next": True,
    "header_links_before_dropdown": 5,
    "show_toc_level": 2,
    "navigation_depth": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_show_sourcelink = False
html_static_path = ["_static"]
html_css_files = ["nasim.css"]
html_sidebars = dict.fromkeys(("index", "theory", "api", "parameter_sets", "mechanism"), [])
html_sidebars |= dict.fromkeys(("guide/examples", "guide/course", "verification", "mutations", "campaign"), [])
html_sidebars["api/modules/*"] = []


def of_module(app, what, name, obj, options, lines):
    """Set the symbols in the docstrings of modules as mathematics."""
    if what == "module":
        typeset.prose(lines)


def mark_wide(app, doctree):
    """Give pictures of several panels a class: on a telephone they scroll, all others fit."""
    for image in doctree.findall(nodes.image):
        width, height = get_image_size(ROOT / "docs" / image["uri"]) or (1, 1)
        if width > 2.05 * height:
            image["classes"].append("wide")


def anchor(app, doctree):
    """Give what is on the pages of modules a place for the links of the source, which name it by any package above it."""
    for signature in doctree.findall(addnodes.desc_signature):
        if not signature["ids"] and "module" in signature:
            parts = signature["module"].split(".")
            signature["ids"] += [".".join((*parts[: k + 1], signature["fullname"])) for k in range(len(parts))]


def setup(app):
    """Write the pages of the modules, and have a look at docstrings and pictures."""
    modules.write()
    app.connect("autodoc-process-docstring", of_module)
    app.connect("doctree-read", mark_wide)
    app.connect("doctree-read", anchor)
