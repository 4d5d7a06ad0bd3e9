"""What a lying kernel may say that it saw: every field of an answer, of every type, right in none."""

from typing import Any

import torch

from gradlab.probe.plain import from_plain, tensor_to_plain

NAN, INFINITE = float("nan"), float("inf")
MANY = 20_000  # more than a verdict may have of anything


def like_the_argument(call: dict, number: float) -> dict:
    """A tensor of this number, shaped like the first tensor that went in."""
    for argument in from_plain(call["arguments"]):
        if isinstance(argument, torch.Tensor):
            return tensor_to_plain(torch.full(argument.shape, number, dtype=argument.dtype))
    return tensor_to_plain(torch.tensor(number, dtype=torch.float64))


def seen(call: dict, value: Any, type_: str = "Tensor", **more: Any) -> dict:
    """An answer that claims everything that could speak for it, gradients of the same value included."""
    names = call["gradients"]["tuple"]
    return {
        "value": value,
        "type": type_,
        "requires_grad": True,
        "gradients": dict.fromkeys(names, value),
        "kept": 0,
        "changed": [],
        "left_grad": [],
        "shares_memory": [],
        "parameters": {},
        "operations": [],
        "nodes": [],
        "node_count": 5,
    } | more


PLAIN = {
    "None": None,
    "True": True,
    "nan": NAN,
    "inf": INFINITE,
    "too many digits": 10**400,
    "text": "right",
    "no text": "",
    "empty list": {"list": []},
    "nan twice": {"list": [NAN, NAN]},
    "a pair of nan": {"tuple": [NAN, NAN]},
    "three nan": {"tuple": [NAN, NAN, NAN]},
    "dict": {"dict": {"x": 1.0}},
    "object": {"opaque": "Tensor"},
    "itself": {"kept": 0},
    "function": {"named": "os.system", "with": {}},
    "many entries": {"list": [1] * MANY},
    "many words": {"dict": {"x": {"list": ["word"] * MANY}}},
    "a long word": "x" * MANY,
    "a long type": {"opaque": "x" * MANY},
}
TENSORS = {
    "no entries": tensor_to_plain(torch.empty(0, dtype=torch.float64)),
    "no entries, huge": {"tensor": "float64", "shape": [0, 2**25, 2**25], "data": b""},
    "whole numbers": tensor_to_plain(torch.ones(3, dtype=torch.int64)),
    "one bool": tensor_to_plain(torch.tensor(True)),
    "bools": tensor_to_plain(torch.ones(3, dtype=torch.bool)),
    "half": tensor_to_plain(torch.ones(3, dtype=torch.float16)),
    "no entries in many rows": tensor_to_plain(torch.empty(MANY, 0, dtype=torch.float64)),
    "sixty axes": tensor_to_plain(torch.ones((1,) * 60, dtype=torch.float64)),
    "large": tensor_to_plain(torch.ones(1_000_000, dtype=torch.float64)),
    "three nan tensors": {"tuple": [tensor_to_plain(torch.full((3, 3), NAN, dtype=torch.float64))] * 3},
}
GRADIENTS = TENSORS | {"text": "x", "a number": 1.0, "a list": {"list": [1.0]}, "an object": {"opaque": "Tensor"}}
MALFORMED = {
    "no dict": 3,
    "nothing": {},
    "value of no form": {"value": {"tensor": "float64"}},
    "bytes missing": {"value": {"bytes": [0, 9]}},
    "shape of text": {"value": {"tensor": "float64", "shape": ["x"], "data": b""}},
    "negative shape": {"value": {"tensor": "float64", "shape": [-1], "data": b""}},
    "astronomic shape": {"value": {"tensor": "float64", "shape": [0, 10**30], "data": b""}},
    "gradients a list": {"gradients": []},
    "gradients of text": {"gradients": {"0": "x"}, "value": 1.0},
    "operations of text": {"operations": ["mm"], "value": 1.0},
    "raised a word": {"raised": "ValueError"},
    "raised nothing known": {"raised": {"type": 3, "bases": 3, "message": [], "traceback": {}}},
    "nested deeply": {
        "value": {
            "list": [
                {
                    "list": [
                        {"list": [{"list": [{"list": [{"list": [{"list": [{"list": [{"list": [{"list": []}]}]}]}]}]}]}]}
                    ]
                }
            ]
        }
    },
    "raised is empty": {"raised": ""},
    "raised is false": {"raised": False, "value": 1.0},
    "raised without end": {
        "raised": dict.fromkeys(("type", "message", "traceback"), "x" * MANY) | {"bases": ["x" * MANY]}
    },
    "node count of words": {"node_count": "many"},
    "node count without end": {"node_count": INFINITE},
    "operations without end": {"operations": [["aten.mm", [[9] * MANY], 10**4000]]},
    "nodes a number": {"nodes": 3},
    "parameters a list": {"parameters": [1]},
}


def all_lies() -> dict[str, Any]:
    """Every lie by name, each a function of the call."""
    lies = {f"says {name}": lambda call, v=value: seen(call, v, "float") for name, value in PLAIN.items()}
    lies |= {f"says tensor: {name}": lambda call, v=value: seen(call, v) for name, value in TENSORS.items()}
    lies |= {f"sends {name}": lambda call, v=value: v for name, value in MALFORMED.items()}
    for number in (NAN, INFINITE, 0.5):
        lies[f"a tensor of {number}"] = lambda call, n=number: seen(call, like_the_argument(call, n))
    for name, gradient in GRADIENTS.items():
        lies[f"right in value perhaps, gradient {name}"] = lambda call, g=gradient: seen(
            call, like_the_argument(call, 0.0), gradients=dict.fromkeys(call["gradients"]["tuple"], g)
        )
    lies["changed what is not there"] = lambda call: seen(
        call, like_the_argument(call, 0.0), changed=["99", "²", "x" * MANY]
    )
    error = {"type": "ValueError", "bases": ["ValueError", "Exception"], "message": "no", "traceback": ""}
    lies["always raises"] = lambda call: {"raised": error}
    lies["raises and answers"] = lambda call: seen(call, like_the_argument(call, NAN), raised=error)
    lies["too slow"] = lambda call: {"timed_out": True}
    lies["keeps what is not there"] = lambda call: seen(
        call, {"opaque": "M"}, "M", kept=10**9, parameters={"M": {"opaque": "x"}}
    )
    return lies
