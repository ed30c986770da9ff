"""Figures return labelled axes, hold the numbers they were given and do without optional columns."""

import subprocess
import sys

import matplotlib.pyplot
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from nasim import nomenclature as nm
from nasim import plot
from nasim.analysis.ledger import MISSING
from nasim.errors import UnknownNameError
from nasim.plot import colours as colours

matplotlib.use("Agg")

PUBLISHED = {
    "reduction_peaks_V": [1.75, 1.05],
    "oxidation_peaks_V": [1.85, 2.15],
    "discharge_capacity_mAh_g": 1976,
    "charge_capacity_mAh_g": 1715,
}
DISCHARGE = ((1.75, 0.03, 500), (1.25, 0.04, 250), (1.05, 0.03, 1226))
CHARGE = ((1.85, 0.03, 1250), (2.15, 0.05, 465))
LOAD_G_CM2 = 0.489e-3


@pytest.fixture(autouse=True)
def close_figures():
    yield
    matplotlib.pyplot.close("all")


def half_cycle(parts, start, stop, points=200):
    voltage = np.linspace(start, stop, 5001)
    capacity = sum(amount * expit(np.sign(stop - start) * (voltage - at) / width) for at, width, amount in parts)
    capacity -= capacity[0]
    wanted = np.linspace(0, capacity[-1], points)
    return np.interp(wanted, capacity, voltage), wanted


def one_cycle(cycle):
    rows = []
    for step, parts, window, sign in (("discharge", DISCHARGE, (2.4, 0.6), 1), ("charge", CHARGE, (0.8, 2.6), -1)):
        voltage, capacity = half_cycle(parts, *window)
        state = capacity / capacity[-1] if sign > 0 else 1 - capacity / capacity[-1]
        loss = 0.02 * sign * np.ones_like(state)
        rows.append(
            pd.DataFrame(
                {
                    "Cycle": cycle,
                    "Step": step,
                    "Time [s]": capacity * LOAD_G_CM2 / 0.127 * 3600,
                    "Voltage [V]": voltage,
                    "Current density [mA.cm-2]": 0.127 * sign,
                    "Capacity [mAh.cm-2]": capacity * LOAD_G_CM2,
                    "Specific capacity [mAh.g-1]": capacity,
                    nm.SULFUR.fraction(0): 1 - state,
                    nm.SULFUR.fraction(2): state,
                    nm.SB_S.fraction(0): np.nan,
                    nm.SB_S.fraction(2): state**2,
                    "Separator voltage loss [V]": loss,
                    "Sulfur step 1 voltage loss [V]": 5 * loss,
                    "Negative electrode contact voltage loss [V]": 1e-3 * loss,
                    "Equilibrium voltage [V]": voltage + 7 * loss,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


@pytest.fixture
def curves():
    table = pd.concat([one_cycle(cycle) for cycle in (1, 2)], ignore_index=True)
    table.attrs["voltage reference"] = "Na15Sn4"
    return table


@pytest.fixture
def summary():
    cycle = np.arange(1, 11)
    capacity = 1976 - 20.0 * cycle
    return pd.DataFrame(
        {
            "cycle": cycle,
            "discharge_capacity_mAh_g": capacity,
            "charge_capacity_mAh_g": 0.95 * capacity,
            "discharge_capacity_mAh_cm2": capacity * LOAD_G_CM2,
            "charge_capacity_mAh_cm2": 0.95 * capacity * LOAD_G_CM2,
            "charge_over_discharge": 0.95,
            "discharge_over_charge": 1 / 0.95,
            "mean_discharge_voltage_V": 1.3,
            "mean_charge_voltage_V": 1.9,
            "interphase_thickness_um": np.nan,
            "current_mA_cm2": np.repeat([0.082, 0.41], 5),
        }
    )


def entries(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def drawn(ax):
    """Renders the figure, so that a broken label or legend shows, and returns its labels."""
    ax.figure.canvas.draw()
    return ax.get_xlabel(), ax.get_ylabel()


def without_sulfur(curves):
    return curves.drop(columns=[nm.SULFUR.fraction(0), nm.SULFUR.fraction(2)]).assign(**{plot.SPECIFIC: np.nan})


# --- curves -----------------------------------------------------------------------------------------------------------


def test_voltage_capacity(curves):
    ax = plot.voltage_capacity(curves, published=PUBLISHED)
    assert drawn(ax) == (f"Capacity ({plot.UNITS[plot.SPECIFIC]})", "Voltage (V vs Na$_{15}$Sn$_4$)")
    assert entries(ax) == ["published"]
    assert [text.get_text() for text in ax.texts] == ["1", "2", "cycle at the end of its discharge"]
    assert entries(plot.voltage_capacity(curves, cycles=1)) == ["cycle 1"]
    assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "^"] == [1976]
    assert len(plot.voltage_capacity(curves, cycles=[2]).lines) == 2


def test_at_most_five_cycles_unless_asked(curves):
    many = pd.concat([curves[curves["Cycle"] == 1].assign(Cycle=cycle) for cycle in range(1, 21)])
    numbers = [text.get_text() for text in plot.voltage_capacity(many).texts[:-1]]
    assert numbers == ["1", "6", "11", "15", "20"]
    assert len(plot.voltage_capacity(many, cycles=range(1, 11)).texts) == 11
    colours = [line.get_color() for line in plot.voltage_capacity(many).lines[::2]]
    assert [sum(matplotlib.colors.to_rgb(colour)) for colour in colours] == sorted(
        sum(matplotlib.colors.to_rgb(colour)) for colour in colours
    )


def test_without_sulfur_capacity_is_per_area(curves):
    for table in (without_sulfur(curves), without_sulfur(curves).drop(columns=plot.SPECIFIC)):
        axes = plot.gcd(table, PUBLISHED)
        assert [drawn(ax)[0] for ax in axes] == [
            "Capacity (mAh cm$^{-2}$)",
            "Voltage (V vs Na$_{15}$Sn$_4$)",
            "Running capacity (mAh cm$^{-2}$)",
        ]
        assert axes[0].get_legend() is None
        assert entries(axes[2]) == ["Na$_3$SbS$_4$"]


def test_voltages_are_against_what_the_table_or_the_caller_says(curves):
    sodium = "Voltage (V vs Na/Na$^+$)"
    for axis, ax in (
        ("y", plot.voltage_capacity(curves, reference="Na/Na+")),
        ("x", plot.dqdv(curves, reference="Na/Na+")),
    ):
        assert getattr(ax, f"get_{axis}label")() == sodium
    assert plot.losses(curves, reference="Na/Na+").get_ylabel() == sodium
    measured = curves.copy()
    measured.attrs.clear()
    assert plot.voltage_capacity(measured).get_ylabel() == plot.cv(measured).get_xlabel() == "Voltage (V)"


def test_dqdv_draws_charge_up_and_discharge_down(curves):
    ax = plot.dqdv(curves, cycles=1, published=PUBLISHED)
    assert drawn(ax) == ("Voltage (V vs Na$_{15}$Sn$_4$)", f"dQ/dV ({plot.UNITS[plot.SPECIFIC]} V$^{{-1}}$)")
    charge, discharge = ax.lines[:2]
    assert charge.get_xdata()[np.argmax(charge.get_ydata())] == pytest.approx(1.85, abs=0.006)
    assert discharge.get_xdata()[np.argmin(discharge.get_ydata())] == pytest.approx(1.05, abs=0.006)
    assert entries(ax) == ["cycle 1", "published"]


def test_dqdv_leaves_out_a_half_cycle_that_is_too_short(curves):
    stopped = curves.drop(curves.index[(curves["Cycle"] == 2) & (curves["Step"] == "charge")][2:])
    assert len([line for line in plot.dqdv(stopped).lines if len(line.get_xdata()) > 2]) == 3


def test_species_run_through_discharge_then_charge(curves):
    ax = plot.species(curves)
    assert drawn(ax) == (f"Running capacity ({plot.UNITS[plot.SPECIFIC]})", "Species fraction")
    assert entries(ax) == ["S", "Na$_2$S", "Na$_3$SbS$_4$"]
    assert [line.get_linestyle() for line in ax.lines[:3]] == ["-", "-", "--"]
    x = ax.lines[0].get_xdata()
    assert np.all(np.diff(x) >= 0)
    assert x[-1] == pytest.approx(1976 + 1715, rel=1e-3)
    assert ax.lines[3].get_xdata()[0] == pytest.approx(1976, rel=1e-3)


def test_a_rest_does_not_move_the_running_capacity(curves):
    rest = curves.iloc[[199]].assign(Step="rest", **{plot.SPECIFIC: 0.0})
    table = pd.concat([curves.iloc[:200], rest, rest, curves.iloc[200:400]])
    assert plot.species(table).lines[0].get_xdata()[-1] == pytest.approx(1976 + 1715, rel=1e-3)


def test_losses_add_up_to_the_equilibrium_voltage(curves):
    ax = plot.losses(curves)
    assert drawn(ax)[1] == "Voltage (V vs Na$_{15}$Sn$_4$)"
    names = ["Equilibrium", "Sulfur step 1", "Separator", "Contact (up to 0.02 mV)", "Rest", "Voltage"]
    assert [on_one_line(label) for label in entries(ax)] == names
    separator = ax.collections[1].get_paths()[0].vertices[:, 1]
    assert np.max(separator) - np.min(separator) > 1
    unknown = plot.losses(curves.drop(columns="Equilibrium voltage [V]"))
    assert len(entries(unknown)) == 5 and "Rest" not in entries(unknown)
    gap = unknown.lines[0].get_ydata() - unknown.lines[1].get_ydata()
    out = int(np.sum(gap > 0))
    assert 195 <= out <= 200 and 395 <= len(gap) <= 400  # the first moments of each half cycle are not drawn
    assert gap[:out] == pytest.approx(np.full(out, 0.12002))
    assert gap[out:] == pytest.approx(np.full(len(gap) - out, -0.12002))


def on_one_line(label):
    return label.replace("\n", " ").replace("\N{NO-BREAK SPACE}", " ")


def areas(ax):
    """Label -> colour and hatch of the areas and bars of a figure."""
    handles, labels = ax.get_legend_handles_labels()
    parts = [getattr(handle, "patches", [handle])[0] for handle in handles]
    filled = {label: part for label, part in zip(labels, parts, strict=True) if np.size(facecolour(part)) == 4}
    return {
        on_one_line(label): (matplotlib.colors.to_hex(np.ravel(facecolour(part))), part.get_hatch() or "")
        for label, part in filled.items()
    }


def facecolour(part):
    return part.get_facecolor() if hasattr(part, "get_facecolor") else ()


def with_losses(curves, mV):
    """The curves with losses of `mV`, by name without unit, and no others."""
    bare = curves[["Cycle", "Step", "Voltage [V]", plot.AREAL]]
    return bare.assign(**{f"{name} voltage loss [V]": 1e-3 * value for name, value in mV.items()})


def test_a_loss_has_the_same_colour_whatever_the_others_are(curves):
    many = ["Separator", "Negative electrode diffusion", "Composite transport", "Sb-S step 3", "Sulfur product-layer"]
    whole = areas(plot.losses(with_losses(curves, dict.fromkeys(many, 50.0))))
    assert sorted(whole) == sorted(many)
    for name in many:
        assert areas(plot.losses(with_losses(curves, {name: 50.0, "Sulfur step 1": 90.0})))[name] == whole[name]


def test_every_loss_of_nasim_and_of_your_own_has_a_look_of_its_own(curves):
    own = [f"Rust {k}" for k in range(6)]
    known = [name.removesuffix(" voltage loss [V]") for name in (*colours.CATHODE, *colours.ELEMENTS)]
    known.remove("Composite")  # series part of "Composite transport"
    drawn_as = areas(plot.losses(with_losses(curves, dict.fromkeys((*own, *known), 50.0))))
    assert len(drawn_as) == len(set(drawn_as.values())) == len(own) + len(known)
    assert colours.TOGETHER not in {colour.upper() for colour, _ in drawn_as.values()}


def test_losses_and_ledger_share_a_colour_only_where_it_means_the_same():
    losses = {colour for colour, *_ in (*colours.CATHODE.values(), *colours.ELEMENTS.values())} | {colours.TOGETHER}
    shared = (losses | set(colours.FURTHER)) & {colour for colour, _ in colours.LEDGER.values()}
    assert shared == {colours.FILM, colours.DEEP}


def test_small_losses_of_separator_interphase_contact_and_anode_are_named_together(curves):
    small = {"Separator": 5.0, "Negative electrode kinetic": 2.5, "Negative electrode contact": 0.5}
    small |= {"Negative electrode interphase": 6.0, "Negative electrode diffusion": 1.0}
    assert list(areas(plot.losses(with_losses(curves, small)))) == [
        "Separator, interphase, contact, anode (up to 15 mV)"
    ]
    found = list(areas(plot.losses(with_losses(curves, small | {"Separator": 60.0}))))
    assert found == ["Separator", "Interphase, contact, anode (up to 10 mV)"]


def test_losses_without_losses_is_the_voltage(curves):
    table = curves[["Cycle", "Step", "Voltage [V]", plot.AREAL]]
    assert entries(plot.losses(table)) == ["Equilibrium", "Voltage"]


def test_cv_draws_oxidation_upwards(curves):
    ax = plot.cv(curves, cycles=[1])
    assert drawn(ax)[1] == "Current density (mA cm$^{-2}$)"
    assert ax.lines[0].get_ydata()[-1] == pytest.approx(0.127)


def test_symmetric_in_hours_and_millivolts():
    table = pd.DataFrame({"Time [s]": [0.0, 3600.0, 7200.0], "Voltage [V]": [0.06, -0.06, 0.07]})
    ax = plot.symmetric(table)
    assert drawn(ax) == ("Time (h)", "Overpotential (mV)")
    assert ax.lines[0].get_ydata() == pytest.approx([60, -60, 70])
    assert ax.lines[0].get_xdata() == pytest.approx([0, 1, 2])


def test_unknown_cycles_and_columns_are_named(curves, summary):
    with pytest.raises(UnknownNameError, match="no cycle 7; the table holds cycles 1 to 2"):
        plot.species(curves, cycle=7)
    with pytest.raises(UnknownNameError, match="nearest match is 'Voltage'"):
        plot.voltage_capacity(curves.rename(columns={"Voltage [V]": "Voltage"}))
    with pytest.raises(UnknownNameError, match="no column to draw"):
        plot.cycling(summary[["cycle"]])


# --- cycles -----------------------------------------------------------------------------------------------------------


def test_fade(summary):
    left, right = plot.fade(summary)
    assert drawn(left) == ("Cycle", f"Capacity ({plot.UNITS[plot.SPECIFIC]})")
    assert right.get_ylabel() == "Coulombic ratio"
    assert right.lines[0].get_ydata() == pytest.approx(np.full(10, 0.95))
    assert entries(left) == ["discharge", "charge", "charge/discharge"]
    bare = summary[["cycle", "discharge_capacity_mAh_cm2"]].assign(discharge_capacity_mAh_g=np.nan)
    assert drawn(plot.fade(bare)[0])[1] == "Capacity (mAh cm$^{-2}$)"


def test_cycling_shows_what_there_is(summary):
    rising = np.linspace(0.9, 1.0, len(summary))
    several = ("charge_over_discharge", "discharge_over_charge", "mean_discharge_voltage_V")
    axes = plot.cycling(summary.assign(stack_pressure_MPa=250.0, **dict.fromkeys(several, rising)))
    assert [drawn(ax)[1] for ax in axes] == [
        f"Capacity ({plot.UNITS[plot.SPECIFIC]})",
        "Capacity (mAh cm$^{-2}$)",
        "Coulombic ratio",
        "Mean voltage (V)",
    ]
    assert entries(axes[2]) == ["charge/discharge", "discharge/charge"]
    assert len(axes[0].figure.axes) == 4


def test_rate_writes_each_current_over_its_cycles(summary):
    ax = plot.rate(summary)
    assert drawn(ax) == ("Cycle", f"Capacity ({plot.UNITS[plot.SPECIFIC]})")
    texts = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert (texts["0.082"], texts["0.41"]) == (3.0, 8.0)
    assert ax.get_ylim()[1] > 1.1 * summary["discharge_capacity_mAh_g"].max()
    assert not plot.rate(summary.drop(columns="current_mA_cm2")).texts


# --- impedance, ledger, sketch ----------------------------------------------------------------------------------------


def test_nyquist_and_bode_of_one_arc():
    frequency = np.logspace(4, -1, 51)
    Z = 44 + 300 / (1 + 2j * np.pi * frequency * 300 * 1e-4)
    ax = plot.nyquist(frequency, Z, label="0 h")
    assert drawn(ax)[0].startswith("Re Z (")
    assert ax.lines[0].get_ydata().max() == pytest.approx(150, rel=0.01)
    assert ax.get_aspect() == 1.0
    assert [text.get_text() for text in ax.texts] == [f"10$^{{{decade}}}$ Hz" for decade in (4, 1, 0, -1)]
    magnitude, phase = plot.bode(frequency, Z)
    assert magnitude.lines[0].get_ydata()[0] == pytest.approx(44, rel=0.01)
    assert phase.lines[0].get_ydata().min() > 0
    assert drawn(magnitude)[0] == "Frequency (Hz)"


def heights(ax):
    return [patch.get_height() for patch in ax.patches]


def test_ledger_takes_a_mapping_mappings_or_a_table():
    parts = {"S": 1450.0, "Sb-S": 526.0}
    assert heights(plot.ledger(parts)) == [1450, 526]
    bars = {"discharge": parts, "charge": {"S": 1320.0, "leak": -30.0}}
    ax = plot.ledger(bars)
    drawn(ax)
    assert heights(ax) == [1450, 1320, 526, 0, 0, -30]
    assert [text.get_text() for text in ax.texts] == ["1976", "1290"]
    table = plot.ledger(pd.DataFrame(bars).T.rename(columns={"S": "S to Na2S"}))
    assert heights(table) == heights(ax)
    assert entries(table)[0] == "S to Na$_2$S"


ACCOUNT = {
    "sulfur converted": 1300.0,
    "Sb-S self-redox": 400.0,
    "double layer": 0.2,
    "sulfide isolated on charge": 100.0,
    "Sb-S isolated on charge": 130.0,
    "sulfur behind its film": 270.0,
    "sulfur not reached": 2.0,
    "leak": 150.0,
}


def test_a_capacity_ledger_is_stacked_to_the_theoretical_capacity_and_marks_what_the_cell_gave():
    ax = plot.ledger({1: ACCOUNT, 2: ACCOUNT})
    assert drawn(ax)[0] == "Cycle"
    tops = [patch.get_y() + patch.get_height() for patch in ax.patches if patch.get_x() < 0]
    assert max(tops) == pytest.approx(2202.2)
    (mark,) = ax.collections
    assert [path.vertices[0, 1] for path in mark.get_paths()] == pytest.approx([1550.2, 1550.2])
    assert [text.get_text() for text in ax.texts] == ["1550 of 2202"] * 2
    leak = [patch for patch in ax.patches if patch.get_hatch() == "xxxx"]
    assert [(patch.get_y(), patch.get_height()) for patch in leak] == [(1550.2, 150.0)] * 2
    assert entries(ax)[0].startswith("discharge capacity")
    assert entries(ax)[-2:] == ["others, each below 0.5 %", "leak in the discharge"]
    assert "double layer" not in entries(ax)


def test_a_part_of_a_capacity_ledger_has_the_same_colour_in_every_figure():
    few = {part: ACCOUNT[part] for part in ("sulfur converted", "sulfur behind its film")}
    for ax in (plot.ledger(ACCOUNT), plot.ledger(few)):
        assert areas(ax)["sulfur behind its film"] == (colours.FILM.lower(), "")


def test_what_comes_on_top_of_the_theoretical_capacity_is_not_part_of_it():
    ax = plot.ledger({1: ACCOUNT | {"Sb-S reduced for good": 500.0}})
    assert [text.get_text() for text in ax.texts] == ["2050 of 2202"]


@pytest.mark.parametrize("size", [(5.6, 3.8), (6.0, 4.4)])
@pytest.mark.parametrize(
    "cycles",
    [(1,), (1, 2), range(1, 6), range(1, 11), range(1, 12), (1, 2, 5, 10, 20, 50, 100, 140), range(1, 141)],
    ids=len,
)
def test_names_and_numbers_of_the_bars_do_not_overlap(cycles, size):
    ax = plot.ledger(dict.fromkeys(cycles, ACCOUNT), matplotlib.pyplot.subplots(figsize=size, layout="constrained")[1])
    drawn(ax)
    for texts in (ax.get_xticklabels(), ax.texts):
        boxes = [text.get_window_extent() for text in texts]
        assert all(one.x1 < two.x0 for one, two in zip(boxes, boxes[1:], strict=False))
        assert all(ax.figure.bbox.contains(*box.min) and ax.figure.bbox.contains(*box.max) for box in boxes)
    assert all(text.get_window_extent().y1 <= ax.bbox.y1 for text in ax.texts)
    assert 1 <= len(ax.get_xticklabels()) <= 11
    assert ax.get_xticklabels()[0].get_text() == "1" and ax.get_xticklabels()[-1].get_text() in (
        "1",
        "10",
        str(cycles[-1]),
    )


def test_a_cycle_without_a_discharge_has_an_empty_bar():
    ax = plot.ledger({1: dict.fromkeys(ACCOUNT, np.nan), 2: ACCOUNT})
    drawn(ax)
    assert [text.get_text() for text in ax.texts] == ["0", "1550 of 2202"]


def test_cell_sketch_shows_every_layer():
    ax = plot.cell_sketch()
    drawn(ax)
    texts = " ".join(text.get_text() for text in ax.texts)
    assert len(ax.patches) == 5
    for word in ("alloy", "interphase", "separator", "cathode", "collector", r"210 $\mu$m", "0.4 mm", r"18 $\mu$m"):
        assert word in texts


def test_formula_leaves_words_alone():
    assert plot.formula("Na15Sn4 capacity, By day 2") == "Na$_{15}$Sn$_4$ capacity, By day 2"
    assert plot.formula("SbxSy") == "Sb$_x$S$_y$"
    assert plot.formula("leak charge 12") == "leak charge 12"


# --- all --------------------------------------------------------------------------------------------------------------


def test_given_axes_are_used_and_returned(curves, summary):
    ax = matplotlib.pyplot.subplots()[1]
    for figure in (plot.voltage_capacity, plot.dqdv, plot.species, plot.losses, plot.cv, plot.symmetric):
        assert figure(curves, ax=ax) is ax
    assert plot.rate(summary, ax) is ax
    assert plot.fade(summary, ax)[0] is ax
    assert plot.cell_sketch(ax) is ax
    assert plot.ledger({"S": 1.0}, ax) is ax
    assert len(matplotlib.pyplot.get_fignums()) == 1


def test_no_text_of_a_figure_overlaps_a_legend(curves, summary):
    for ax in (*plot.gcd(curves, PUBLISHED), plot.losses(curves), plot.fade(summary)[0], plot.rate(summary)):
        ax.figure.canvas.draw()
        legend = ax.get_legend().get_window_extent()
        assert not legend.overlaps(ax.get_window_extent())
        assert not any(legend.overlaps(text.get_window_extent()) for text in ax.texts)
        assert ax.figure.bbox.contains(*legend.min)
        assert ax.figure.bbox.contains(*legend.max)


def test_importing_plot_is_cheap():
    code = "import sys, nasim.plot; print([m for m in ('matplotlib', 'scipy', 'pandas', 'pybamm') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_fade_and_its_causes_add_up(summary):
    """Ledger parts of 100, 50 and 10 mAh/cm2 at the end; the last of six is drawn with the others."""
    lost = summary["discharge_capacity_mAh_cm2"].iloc[0] - summary["discharge_capacity_mAh_cm2"]
    parts = dict(zip(MISSING, (0.5, 0.3, 0.08, 0.05, 0.04, 0.03), strict=False))
    table = summary.assign(**{name: share * lost for name, share in parts.items()})
    capacity, efficiency, causes = plot.fade_explained(table)
    assert drawn(capacity)[0] == "Cycle" and drawn(efficiency)[1] == "Charge over discharge (%)"
    assert drawn(causes)[1] == f"Change since cycle 1 ({plot.UNITS[plot.SPECIFIC]})"
    loss, *drawn_parts = [line.get_ydata()[-1] for line in causes.lines if len(line.get_xdata()) > 2]
    assert sum(drawn_parts) == pytest.approx(loss)
    assert [text.get_text() for text in causes.texts][:2] == ["capacity lost", MISSING[next(iter(parts))]]
    assert len(plot.fade_explained(summary)) == 2


def test_a_first_efficiency_far_off_is_written(summary):
    table = summary.assign(charge_over_discharge=[0.8] + [0.99] * (len(summary) - 1))
    ax = plot.fade_explained(table)[1]
    assert [text.get_text() for text in ax.texts] == ["cycle 1: 80.0 %"] and ax.get_ylim()[0] > 90


@pytest.mark.parametrize(("width", "panels", "millimetres"), [("single", (3, 1), 88.0), ("double", (1, 3), 180.0)])
def test_a_figure_for_a_paper_is_as_wide_as_its_column(curves, width, panels, millimetres):
    with plot.look("paper", width):
        figure = plot.gcd(curves)[0].figure
    assert figure.axes[0].get_gridspec().get_geometry() == panels
    assert 25.4 * figure.get_size_inches()[0] == pytest.approx(millimetres)
    assert plot.gcd(curves)[0].figure.get_size_inches()[0] == 13.0


def test_a_look_that_there_is_not_is_refused():
    with pytest.raises(UnknownNameError, match="nearest match is 'paper'"), plot.look("papre"):
        pass
