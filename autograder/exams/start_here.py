"""Lesson 0: hidden exam."""

import torch

from autograder.exams.draw import normal, number
from gradlab.checks.judge import judge
from gradlab.checks.start_here import GRADIENT, case
from gradlab.exercises.verdict import Verdict
from gradlab.probe import Named, Probe


def exam_gradient(probe: Probe, generator: torch.Generator) -> Verdict:
    """`gradient(f, x)` of random functions at random points, tracked or not, float64 and float32."""
    cases = []
    for shape in ((4,), (2, 3), ()):
        weight = normal(generator, *shape).requires_grad_(True)
        square = Named("start_here.weighted_square", weight=weight)
        x = normal(generator, *shape)
        cases.append(case(square, x, (2 * weight * x).detach(), "Σ wᵢ xᵢ²"))
        tracked = x.clone().requires_grad_(True)
        tracked.grad = normal(generator, *shape)
        cases.append(case(square, tracked, (2 * weight * x).detach(), "x has a .grad already"))
        cases.append(case(Named("start_here.other_leaf", weight=weight), x, torch.zeros_like(x), "f ignores x"))
        cases.append(case(Named("start_here.constant", value=number(generator, 1, 2)), x, torch.zeros_like(x), "constant f"))
        mixed = Named("start_here.product_of_sines", weight=weight)
        slope = weight * torch.cos(weight * x) + torch.prod(1 + x**2) * 2 * x / (1 + x**2)
        cases.append(case(mixed, x, slope.detach(), "Σ sin(wᵢxᵢ) + Π(1+xⱼ²)"))
    x = normal(generator, 3, dtype=torch.float32)
    weight = normal(generator, 3, dtype=torch.float32).requires_grad_(True)
    cases.append(case(Named("start_here.weighted_square", weight=weight), x, (2 * weight * x).detach(), "float32"))
    return judge(probe, GRADIENT, cases)


EXAMS = {"gradient": exam_gradient}
