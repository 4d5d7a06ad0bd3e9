"""What torch's own exceptions mean: the cause in a sentence, for those that learners meet most."""

import re

CAUSES = {
    r"size of tensor \w+ \(\d+\) must match|shapes cannot be multiplied|size mismatch|inconsistent tensor size"
    r"|Expected size for first two dimensions|must be (?:batches of )?square|incompatible (?:matrix )?(?:sizes|dimensions)"
    r"|expects? .*(?:1D|2D|vector|matrix)|vector and matrix expected|does not broadcast|shape .* is invalid": (
        "Two shapes do not fit each other. Print the shapes of both sides; a transpose (.T, .mT) is missing or too many, or a "
        "vector stands where a matrix is expected."
    ),
    r"same dtype|expected scalar type|but found (?:Float|Double|Long|Int)|Found dtype": (
        "Two tensors of different dtypes meet, such as float32 and float64. torch.tensor(0.1), torch.zeros and torch.eye are "
        "float32 unless you pass dtype=x.dtype."
    ),
    r"Boolean value of Tensor": (
        "A Python `if` (or `and`, `max`, `min`) met a tensor with several entries, which has no single truth. torch.where, "
        "torch.clamp or .any() decide for all entries."
    ),
    r"only one element tensors|cannot be converted to Scalar": (
        "A function for one number met a tensor with several entries. Use the torch function of the same name."
    ),
    r"element 0 of tensors does not require grad|does not require grad and does not have a grad_fn": (
        "What was to be differentiated has no graph: nothing in it requires a gradient. Start from a copy that does, "
        "x.detach().clone().requires_grad_(True). Inside a Function's backward, grad mode is off: use torch.enable_grad()."
    ),
    r"One of the differentiated Tensors does not require grad": (
        "autograd was asked for the gradient with respect to a tensor that does not require one. Differentiate with respect "
        "to a copy that does, and compute with that copy."
    ),
    r"not have been used in the graph": (
        "The value does not depend on one of the tensors, and autograd stops there. allow_unused=True gives None for it, "
        "which means zero; materialize_grads=True makes the zeros."
    ),
    r"implicitly created only for scalar outputs": (
        "autograd differentiates one number. Take the sum first, or pass grad_outputs."
    ),
    r"backward through the graph a second time|saved intermediate values of the graph": (
        "The graph was used up by the first pass through it. Ask for it once more with retain_graph=True, or compute the "
        "value anew."
    ),
    r"in-place operation|leaf Variable|leaf variable": (
        "An operation in place (a name that ends in _, or +=) wrote into a tensor that autograd still needs. Make a new "
        "tensor instead."
    ),
    r"Can't call numpy\(\)": (
        "NumPy was handed a tensor that autograd follows. Use the torch function of the same name."
    ),
    r"singular|not positive-definite|not positive definite": (
        "A matrix is singular, or not positive definite, and torch refuses. Ask yourself whether the task says what to do "
        "in that case."
    ),
}  # fmt: skip


def cause_of(message: str) -> str:
    """The cause of one of torch's exceptions as a sentence; empty for a message that is not known."""
    return next((sentence for words, sentence in CAUSES.items() if re.search(words, message)), "")
