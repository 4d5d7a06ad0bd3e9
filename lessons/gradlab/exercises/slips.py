"""Slips that learners make in many exercises, each said in one place.

The first part makes predicates for symptoms; the second part holds the slips themselves, for the `slips=` of an
exercise.
"""

import torch
from torch import Tensor

from gradlab.exercises.cases import Case
from gradlab.exercises.compare import agrees, tensors_agree
from gradlab.exercises.symptom import Fits, slip
from gradlab.exercises.torch_errors import SHAPES_DIFFER, cause_of
from gradlab.probe import Answer


def raises(type_name: str, *fragments: str) -> Fits:
    """The answer raised this type of exception, with one of these fragments in its text."""

    def fits(case: Case, answer: Answer) -> bool:
        said = answer.raised
        return said is not None and type_name in said.bases and any(each in said.message for each in fragments or ("",))

    return fits


def shapes_differ(case: Case, answer: Answer) -> bool:
    """torch refused to put two shapes together."""
    said = answer.raised
    return said is not None and cause_of(said.message) == SHAPES_DIFFER


def value_type(*names: str) -> Fits:
    """The answer returned a value of one of these types: "NoneType", "int", "float", …"""

    def fits(case: Case, answer: Answer) -> bool:
        return answer.raised is None and not answer.timed_out and answer.type in names

    return fits


def is_right(case: Case, answer: Answer) -> bool:
    """The value is right; something else may be wrong."""
    return answer.raised is None and agrees(answer.value, case.expected, case.rtol, case.atol)


def no_path_to(position: int) -> Fits:
    """The value is right and has a graph, which does not reach the argument at this position, though it was asked
    for."""

    def fits(case: Case, answer: Answer) -> bool:
        name = str(position)
        cut = name in answer.gradients and answer.gradients[name] is None
        return cut and answer.requires_grad and is_right(case, answer)

    return fits


@slip("one-number-only")
def ONE_NUMBER_ONLY(case: Case, answer: Answer) -> bool:
    """This works for one number only: `math` functions and float() cannot take a tensor with several entries. Use the
    torch function of the same name, which works on every entry."""
    many = raises("ValueError", "only one element tensors")
    return many(case, answer) or raises("RuntimeError", "cannot be converted to Scalar")(case, answer)


@slip("left-torch")
def LEFT_TORCH(case: Case, answer: Answer) -> bool:
    """NumPy was handed a tensor that autograd follows. A NumPy function leaves no record for autograd, so torch
    refuses; use the torch function instead of detaching."""
    return raises("RuntimeError", "Can't call numpy()")(case, answer)


@slip("changed-input")
def CHANGED_INPUT(case: Case, answer: Answer) -> bool:
    """The argument was changed on the way: an operation in place (a name that ends in _, or += and the like) wrote into
    it. The caller still needs the old numbers, and so does autograd."""
    return bool(answer.changed) or raises("RuntimeError", "in-place operation")(case, answer)


@slip("float32-inside")
def FLOAT32_INSIDE(case: Case, answer: Answer) -> bool:
    """These are the right numbers with only seven digits: somewhere float64 went through float32. torch.tensor(0.1) and
    torch.zeros(3) are float32 unless you pass dtype=x.dtype."""
    value, expected = answer.value, case.expected
    if not all(isinstance(t, Tensor) and t.dtype is torch.float64 for t in (value, expected)):
        return False
    largest = float(expected.abs().max()) if expected.numel() else 0.0
    if value.shape != expected.shape or tensors_agree(value, expected, case.rtol, case.atol):
        return False
    if float((value - expected).abs().max()) < 1e-9 * largest:  # better than float32: a finite difference, say
        return False
    return tensors_agree(value, expected, 1e-6, 2e-7 * largest)


@slip("lam-cut")
def LAM_CUT(case: Case, answer: Answer) -> bool:
    """The value is right, but no gradient flows back to lam. Where lam is a tensor, float(lam), lam.item() and
    math.sqrt(lam) turn it into a bare number and cut the graph."""
    return no_path_to(1)(case, answer)


TENSOR_SLIPS = (ONE_NUMBER_ONLY, LEFT_TORCH, CHANGED_INPUT, FLOAT32_INSIDE, LAM_CUT)
"""Slips in a function of a tensor x and a number or tensor lam, elementwise."""


@slip("unused-input", look="“None is not zero”")
def UNUSED_INPUT(case: Case, answer: Answer) -> bool:
    """autograd.grad stops when the function does not use this input. Ask it with allow_unused=True (then None means
    zero), or with materialize_grads=True (then it makes the zeros for you)."""
    return raises("RuntimeError", "not have been used in the graph")(case, answer)


@slip("untracked-input", look="“Ask for a gradient”")
def UNTRACKED_INPUT(case: Case, answer: Answer) -> bool:
    """x does not require a gradient, so no graph was kept from it. Make a copy that does:
    x.detach().clone().requires_grad_(True), and differentiate with respect to that copy."""
    return raises("RuntimeError", "One of the differentiated Tensors does not require grad")(case, answer)


@slip("empty-graph", look="“None is not zero”")
def EMPTY_GRAPH(case: Case, answer: Answer) -> bool:
    """The value has no graph at all here: nothing in it requires a gradient, and allow_unused does not help against
    that. Look at `requires_grad` of the value before you differentiate it."""
    return raises("RuntimeError", "element 0 of tensors does not require grad")(case, answer)


@slip("tuple")
def TUPLE(case: Case, answer: Answer) -> bool:
    """This is a tuple: torch.autograd.grad returns one, an entry for each input you asked about, and so does jacobian
    when it is handed a tuple of inputs. Take the entry of the input that the task asks about."""
    return value_type("tuple")(case, answer)


@slip("requires-grad-left-on")
def REQUIRES_GRAD_LEFT_ON(case: Case, answer: Answer) -> bool:
    """The derivative is right, but the tensor came back changed: its `requires_grad` or its numbers are no longer what
    they were. Work on x.detach().clone().requires_grad_(), a tensor of your own."""
    return answer.raised is None and bool(answer.changed)
