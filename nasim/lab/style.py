"""Looks of the page of the virtual lab: two columns on a screen, controls under the result on a phone, light and dark."""

from ..plot.colours import DARK, SPECIES
from ..plot.style import COLOURS, cycle_colours

STEPS = 64
"""Colours of the ordered scale of the page without a server."""


def palette() -> str:
    """Return the colours of species, discharge and charge as variables of CSS, for a light and a dark ground."""
    names = {colour[1:]: colour for colour in SPECIES.values()} | {"discharge": COLOURS[0], "charge": COLOURS[1]}
    light = " ".join(f"--{name}: {colour};" for name, colour in names.items())
    dark = " ".join(f"--{name}: {DARK[colour]};" for name, colour in names.items())
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"


def scales() -> dict[str, list[str]]:
    """Return the colours of an ordered scale for a light and a dark ground."""
    return {"light": cycle_colours(range(STEPS)), "dark": cycle_colours(range(STEPS), dark=True)}


PAGE = """<style>
:root {--nasim-ring: #0072B2} .dark {--nasim-ring: #56B4E9}
.nasim-controls {position: fixed; left: 0; top: 0; bottom: 0; width: 330px; box-sizing: border-box; overflow-y: auto;
  padding: 14px 16px 40px; z-index: 20; border-right: 1px solid rgba(128,128,128,.35); background: var(--background, Canvas)}
.marimo-cell:has(.nasim-controls) {z-index: 40 !important} /* above a cell under the pointer, which marimo lifts to 30 */
.nasim-page {display: flex; flex-wrap: wrap; gap: 0 14px; align-items: baseline; margin: 2px 0 0}
.nasim-page h1 {font-size: 1.2rem; font-weight: 700; margin: 0}
.nasim-page p {font-size: .82rem; margin: 0; opacity: .85}
.nasim-quick {font-size: .82rem; margin: 0} .nasim-quick a {text-decoration: underline; font-weight: 600}
.nasim-building {font-size: 1rem; margin: 12px 0} body:has(#nasim-data, .nasim-danger, pre) .nasim-building {display: none}
.nasim-notes p {font-size: .9rem; margin: 0 0 .25rem}
.nasim-badge {border-radius: 4px; padding: 1px 7px; font-weight: 600; border: 2px solid; white-space: nowrap}
.nasim-here {border-color: #009E73} .nasim-between {border-color: #C98600; border-style: dashed}
.nasim-beyond {border-color: #D55E00; border-style: dotted}
.nasim-danger, .nasim-warn, .nasim-wrong {border-left: 4px solid #C98600; padding: 4px 10px; font-size: .9rem; margin: 0}
.nasim-asked {border-left: 4px solid var(--nasim-ring); padding: 4px 10px; margin: 0; font-size: .95rem; max-width: 90ch}
.nasim-danger, .nasim-wrong {border-color: #D55E00}
.nasim-controls .nasim-wrong {margin-top: .4rem}
.nasim-bar progress {width: 160px; accent-color: var(--nasim-ring); vertical-align: middle}
.nasim-stage {width: 100%; border: 0; height: 560px; color-scheme: inherit}
body:has(.nasim-code) .nasim-stage {display: none}
.nasim-unseen {height: 1px; margin: 0}
.nasim-numbers th, .nasim-numbers td {padding: 2px 14px 2px 0; text-align: left; font-size: 14px}
.nasim-numbers caption {text-align: left; font-weight: 600} .nasim-numbers th[scope=row] {font-weight: 400}
#App {padding-left: 330px !important}
#App > div:empty, [data-testid=notebook-actions-dropdown] {display: none}
#App > div {padding: 0 22px 40px !important}
#App .output-area, #App .output-area > .output {margin: 2px 0 !important}
@media (max-width: 760px) {
  .nasim-controls {top: auto; right: 0; width: auto; height: 36vh; border-right: 0; padding: 8px 14px 30px;
    border-top: 2px solid rgba(128,128,128,.5); box-shadow: 0 -4px 14px rgba(0,0,0,.18)}
  #App {padding: 0 0 40vh !important}
  #App > div {padding: 0 8px 40px !important}
  .nasim-page p {display: none}
}
</style>
<header class="nasim-page"><h1>nasim virtual lab</h1>
<p>The solid-state sodium-sulfur cells of Yuan et al., <i>Energy Environ. Sci.</i> 2025, 18, 4288, computed on this machine.</p></header>
<p class="nasim-building" role="status">Building the cell; the first time this takes a while ...</p>"""
