"""Which entries pass the threshold, and the eigenvalues of the projector that they make."""

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from gradlab.explore import explore, slider
from gradlab.explore.figures import PALETTE
from gradlab.explore.format_number import format_number
from gradlab.lessons.wasteful_module.chain_grid import build, homework_data


def eigenvalues(T: float = 3.14) -> None:
    """The T slider: which entries of M x pass the threshold, and the eigenvalues of J = ∂g/∂x. Starts at `T`."""
    explore(jacobian_at, draw_eigenvalues, alt=tell_eigenvalues, T=slider(0.0, 28.0, step=2.0, start=T, label="T"))


def jacobian_at(T: float) -> dict:
    """M x, the eigenvalues of J = M⁻¹DM, its trace and its distance from J²."""
    M, A, x = homework_data()
    module = build("efficient", M, 1)
    module.T = T
    J = torch.autograd.functional.jacobian(lambda t: module(t, A), x.detach())
    return {
        "T": T,
        "Mx": (M @ x).detach(),
        "eigenvalues": torch.linalg.eigvals(J).real.sort().values,
        "trace": J.trace().item(),
        "distance": (J @ J - J).abs().max().item(),
        "asymmetry": (J - J.T).abs().max().item(),
    }


def draw_eigenvalues(data: dict) -> Figure:
    """Left: the entries of M x against ±T. Right: the five eigenvalues of J."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 4.0), layout="none")
    figure.subplots_adjust(left=0.06, right=0.98, bottom=0.13, top=0.91, wspace=0.12)
    T, y = data["T"], data["Mx"]
    left.fill_between([-0.6, 4.6], -T, T, color=PALETTE["sky"], alpha=0.35, label="[−T, T]", gid="dead zone")
    left.axhline(0, color="black", linewidth=0.8, linestyle="-")
    for passes, marker, colour, words in ((True, "o", "blue", "passes"), (False, "X", "vermillion", "becomes 0")):
        chosen = [k for k in range(5) if (abs(y[k]) > T) == passes]
        left.plot(
            chosen, y[chosen], marker, color=PALETTE[colour], markersize=11, linestyle="none", label=words, gid=words
        )
    left.set(xlim=(-0.6, 4.6), ylim=(-32, 42), xticks=range(5), xlabel="entry", title="M x, and the dead zone")
    left.set_yticks(range(-30, 40, 10))
    left.legend(loc="upper right", ncols=3, handlelength=1.4, columnspacing=1)
    right.axhline(0, color="black", linewidth=0.8, linestyle="-")
    right.plot(
        range(5), data["eigenvalues"], "D", color=PALETTE["green"], markersize=11, linestyle="none", gid="eigenvalues"
    )
    right.set(
        xlim=(-0.6, 4.6),
        ylim=(-0.3, 1.5),
        yticks=(0, 0.5, 1),
        xlabel="eigenvalue, sorted",
        title="Eigenvalues of J = ∂g/∂x",
    )
    right.set_xticks(range(5), ["1st", "2nd", "3rd", "4th", "5th"])
    words = f"trace {format_number(data['trace'], '.0f')}, largest |J² − J|: {format_number(data['distance'], '.1g')}"
    right.text(0.03, 0.92, words, transform=right.transAxes, gid="reading")
    return figure


def tell_eigenvalues(data: dict) -> str:
    """What the picture shows, in words."""
    passing = int((data["Mx"].abs() > data["T"]).sum())
    values = ", ".join(f"{abs(value):.0f}" for value in data["eigenvalues"].tolist())
    return (
        f"Left, five entries of M x and the band from −T to T: {passing} of them lie outside and pass. Right, the five "
        f"eigenvalues of the Jacobian: {values}. Its trace is {format_number(data['trace'], '.0f')}, and J² differs from J by at most "
        f"{format_number(data['distance'], '.0e')}."
    )
