"""What torch's own exceptions mean: the cause in a sentence, for those that learners meet most."""

import re

SHAPES_DIFFER = (
    "Two shapes do not fit each other. Print the shapes of both sides; a transpose (.T, .mT) is missing or too many, or a "
    "vector stands where a matrix is expected."
)

CAUSES = {
    r"size of tensor \w+ \(\d+\) must match|shapes cannot be multiplied|size mismatch|inconsistent tensor size"
    r"|Expected size for first two dimensions|must be (?:batches of )?square|incompatible (?:matrix )?(?:sizes|dimensions)"
    r"|Expected \d-D argument|expects? .*(?:1D|2D|vector|matrix)|vector and matrix expected|does not broadcast|shape .* is invalid"
    r"|must be a matrix": SHAPES_DIFFER,
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
    r"derivative for .* is not implemented|does not have derivatives? implemented": (
        "torch knows no derivative of this operation. Write it with others that have one, such as torch.where, relu or clamp."
    ),
    r"must be (?:a )?Tensor, (?:but )?not (?:int|float|bool)": (
        "A torch function was handed a bare number where it takes a tensor. torch.as_tensor(lam, dtype=x.dtype) makes one of a "
        "number, and leaves a tensor as it is."
    ),
    r"invalid combination of arguments|must be \w+(?: \w+)*, (?:but )?not \w+": (
        "A torch function was handed something of a kind that it does not take. Print the type of each argument; their "
        "order may be another one, too."
    ),
    r"vmap: It looks like|data-dependent control flow|vmap over calling": (
        "torch.func runs your function on all entries at once, so none of them is one number: .item(), float() and a Python "
        "`if` cannot be used in it. torch functions and torch.where can."
    ),
    r"Cannot access (?:data pointer|storage) of Tensor": (
        "Inside torch.func a tensor has no memory of its own, so NumPy and .data cannot read it. torch.autograd.grad, on "
        "detached copies that require a gradient, differentiates such a function too."
    ),
    r"attempting to call Tensor.requires_grad_\(\)": (
        "torch.func follows its arguments by itself. Leave requires_grad_ out, or use torch.autograd.grad."
    ),
    r"object is not callable": (
        "Something that is no function was called: a name was given to a number or to None, or a sign of multiplication is "
        "missing, as in 2(x)."
    ),
    r"positional arguments? but|unexpected keyword argument|missing \d+ required": (
        "A function was called with other arguments than its first line names. Keep the first line of the exercise as it "
        "was, and look at the calls of your own functions."
    ),
    r"NameError": (
        "Python does not know this name where your answer runs. Look at its spelling, write torch. or F. in front of a "
        "function of torch, and run the cell that defines a name of your own."
    ),
    r"has no attribute": (
        "The object has no part of this name. Look at the spelling, and print the type: a number, a list or None has none "
        "of a tensor's functions."
    ),
    r"maximum recursion depth": "A function calls itself without end: where does it stop?",
    r"SystemExit": "exit() ends the whole program. Leave a function with `return`.",
    r"singular|not positive-definite|not positive definite": (
        "A matrix is singular, or not positive definite, and torch refuses. Ask yourself whether the task says what to do "
        "in that case."
    ),
}  # fmt: skip


def cause_of(message: str) -> str:
    """The cause of one of torch's exceptions as a sentence; empty for a message that is not known."""
    return next((sentence for words, sentence in CAUSES.items() if re.search(words, message)), "")
