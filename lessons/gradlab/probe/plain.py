"""Values as plain data (dicts, lists, numbers, text, bytes) and back: the only things that cross to another process."""

import math
import numbers
from collections.abc import Sequence
from typing import Any

import numpy
import torch

from gradlab.probe.answer import Opaque
from gradlab.probe.call import Kept, Named

DTYPES = {
    name: getattr(torch, name)
    for name in ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
LARGEST_TENSOR = 4 * 2**20  # bytes; what honest answers give has some thousands
MOST_AXES = 64
DEEPEST = 8
LONGEST_INT = 1024  # bits; a float ends there too, and JSON refuses whole numbers of some thousand digits


class NotPlain(ValueError):
    """Data that does not follow the format, is nested too deeply, or is too large."""


def tensor_to_plain(tensor: torch.Tensor) -> dict:
    """A tensor's numbers as bytes, with dtype, shape, `requires_grad` and, where there is one, its `.grad`."""
    if tensor.dtype not in NAMES or tensor.layout != torch.strided or tensor.is_meta:
        return {"opaque": f"Tensor of {tensor.dtype}, {tensor.layout}, {tensor.device}"}
    if _room_for(tensor.shape, tensor.element_size()) > LARGEST_TENSOR or tensor.dim() > MOST_AXES:
        return {"opaque": f"Tensor of shape {tuple(tensor.shape)}, too large to look at"}
    flat = torch.Tensor.detach(tensor).cpu().contiguous().reshape(-1).clone()
    plain: dict[str, Any] = {
        "tensor": NAMES[tensor.dtype],
        "shape": [int(n) for n in tensor.shape],
        "data": flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b"",
        "requires_grad": bool(tensor.requires_grad),
    }
    if tensor.is_leaf and tensor.grad is not None:
        plain["grad"] = tensor_to_plain(tensor.grad)
    return plain


def tensor_from_plain(plain: dict) -> torch.Tensor:
    """The tensor again; raises NotPlain if shape, dtype and bytes do not fit together."""
    try:
        dtype, shape, data = DTYPES[plain["tensor"]], list(plain["shape"]), plain["data"]
    except (KeyError, TypeError) as error:
        raise NotPlain(f"a tensor lacks or misnames {error}") from None
    if (
        len(shape) > MOST_AXES
        or not all(type(n) is int and 0 <= n <= LARGEST_TENSOR for n in shape)
        or not isinstance(data, bytes)
    ):
        raise NotPlain("a tensor's shape must be whole numbers and its data bytes")
    size = torch.empty((), dtype=dtype).element_size()
    if len(data) != math.prod(shape) * size or _room_for(shape, size) > LARGEST_TENSOR:
        raise NotPlain(f"{len(data)} bytes do not fill a tensor of shape {shape}")
    tensor = torch.frombuffer(bytearray(data), dtype=dtype).reshape(shape) if data else torch.empty(shape, dtype=dtype)
    if plain.get("requires_grad") and dtype.is_floating_point:
        tensor.requires_grad_(True)
        if plain.get("grad") is not None:
            tensor.grad = tensor_from_plain(plain["grad"]).detach()
    return tensor


def _room_for(shape: Sequence[int], size: int) -> int:
    """The bytes of a tensor of this shape; where one axis is empty, those of the others."""
    return size * math.prod(max(n, 1) for n in shape)


def to_plain(value: Any, depth: int = 0) -> Any:
    """Plain data for a value; what is not plain becomes {"opaque": its type}."""
    if depth > DEEPEST:
        return {"opaque": "nested too deeply"}
    if type(value) is int and value.bit_length() > LONGEST_INT:
        return math.inf if value > 0 else -math.inf
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    if isinstance(value, torch.Tensor):
        return tensor_to_plain(value)
    if isinstance(value, (bool, numpy.bool_)):
        return bool(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, (list, tuple)):
        return {"tuple" if isinstance(value, tuple) else "list": [to_plain(item, depth + 1) for item in value]}
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {"dict": {key: to_plain(item, depth + 1) for key, item in value.items()}}
    if isinstance(value, Named):
        return {"named": value.name, "with": {key: to_plain(item, depth + 1) for key, item in value.arguments.items()}}
    if isinstance(value, Kept):
        return {"kept": value.number}
    return {"opaque": type(value).__name__}


def from_plain(plain: Any, depth: int = 0) -> Any:
    """The value again; raises NotPlain for anything that `to_plain` would not have written."""
    if depth > DEEPEST + 1:
        raise NotPlain("nested too deeply")
    if plain is None or isinstance(plain, (bool, int, float, str, bytes)):
        return plain
    if not isinstance(plain, dict):
        raise NotPlain(f"a {type(plain).__name__} stands where a value should")
    if "tensor" in plain:
        return tensor_from_plain(plain)
    if "opaque" in plain:
        if not isinstance(plain["opaque"], str):
            raise NotPlain("what is opaque has the name of its type")
        return Opaque(plain["opaque"][:200])
    for kind, make in (("list", list), ("tuple", tuple)):
        if kind in plain:
            if not isinstance(plain[kind], list):
                raise NotPlain(f"a {kind} must hold a list")
            return make(from_plain(item, depth + 1) for item in plain[kind])
    if isinstance(plain.get("dict"), dict):
        return {key: from_plain(item, depth + 1) for key, item in plain["dict"].items()}
    if isinstance(plain.get("named"), str) and isinstance(plain.get("with"), dict):
        return Named(plain["named"], **{key: from_plain(item, depth + 1) for key, item in plain["with"].items()})
    if type(plain.get("kept")) is int:
        return Kept(plain["kept"])
    raise NotPlain(f"unknown form with keys {sorted(map(str, plain))[:5]}")
