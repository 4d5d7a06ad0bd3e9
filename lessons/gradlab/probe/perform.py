"""Perform a call on an answer, in the process that holds it, and write down what was seen as plain data."""

import contextlib
import importlib
import io
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import torch

from gradlab.answers import looking_at
from gradlab.probe.call import Call, Kept, Named
from gradlab.probe.plain import from_plain, tensor_to_plain, to_plain

LONGEST_TEXT = 4000
BUSY = 1.8  # how many times as long an answer may take on the clock where others compute too; the examiner waits twice
OURS = str(Path(__file__).resolve().parents[1])


class TookTooLong(BaseException):
    """Raised inside an answer when its time is up; no `except Exception` of the answer can swallow it."""


def build_named(named: Named) -> Callable:
    """The function that a name stands for; raises ValueError for a name that gradlab does not know."""
    module, _, builder = named.name.rpartition(".")
    if not module.isidentifier() or not builder.isidentifier() or builder.startswith("_"):
        raise ValueError(f"{named.name!r} is not the name of a known function")
    source = importlib.import_module(f"gradlab.lessons.{module}.functions")
    make = getattr(source, builder, None)
    if make is None or getattr(make, "__module__", "") != source.__name__:
        raise ValueError(f"{named.name!r} is not the name of a known function")
    return make(**named.arguments)


@contextlib.contextmanager
def time_limit(seconds: float) -> Generator[None]:
    """Stop the block after so many seconds, where the platform has interval timers (not on Windows, not in threads).

    They are seconds in which this thread computes, so that a busy machine stops no answer that is quick enough; one that
    waits for something is stopped after `BUSY` times as many on the clock. An import is never stopped, and the time starts
    anew after it: a module imported by half stays broken, and the first use of torch.func imports 800 of them.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    computed, latest = time.thread_time() + seconds, time.monotonic() + BUSY * seconds

    def stop(signum: int, frame: Any) -> None:
        nonlocal computed, latest
        if _importing(frame):
            computed, latest = time.thread_time() + seconds, time.monotonic() + BUSY * seconds
        left = min(computed - time.thread_time(), latest - time.monotonic())
        if left <= 0:
            raise TookTooLong
        signal.setitimer(signal.ITIMER_REAL, max(left, 0.001))

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _importing(frame: Any) -> bool:
    """Does an import run in this frame or above it, up to the call of the answer?"""
    while frame is not None and frame.f_code.co_filename != __file__:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


class Performer:
    """Holds one answer and the objects that calls kept, and performs calls on them."""

    def __init__(self, answer: Any, exercise: str = ""):
        self.objects = [answer]
        self.exercise = exercise

    def perform(self, request: dict) -> dict:
        """Perform the call that `request` (plain data) describes; the result is plain data too."""
        call = Call(**{key: from_plain(value) for key, value in request.items()})
        arguments = [self._resolve(value) for value in call.arguments]
        keywords = {key: self._resolve(value) for key, value in call.keywords.items()}
        watched = _watched(arguments, keywords)
        before = {name: _state(tensor) for name, tensor in watched.items()}
        lists = [(str(i), value, list(value)) for i, value in enumerate(arguments) if isinstance(value, list)]
        seen = {}
        borrowed: dict[str, None] = {}
        try:
            with torch.enable_grad(), _quiet(), looking_at(self.exercise) as borrowed, time_limit(call.seconds):
                recorder = _record() if call.record else contextlib.nullcontext()
                with recorder as record:
                    result = self.objects[call.target](*arguments, **keywords)
                seen |= self._look(result, call, watched)
                if record is not None:
                    seen |= record.summary(result)
        except TookTooLong:
            return {"timed_out": True}
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit from an answer is a wrong answer, not the end of the kernel
            return seen | {"raised": _raised(error), "borrowed": list(borrowed)}
        seen["borrowed"] = list(borrowed)
        seen["changed"] = [name for name, tensor in watched.items() if _state(tensor)[:-1] != before[name][:-1]]
        seen["changed"] += [name for name, now, then in lists if [*map(id, now)] != [*map(id, then)]]
        seen["left_grad"] = [name for name, tensor in watched.items() if _state(tensor)[-1] != before[name][-1]]
        return seen

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, Named):
            return build_named(value)
        if isinstance(value, Kept):
            return self.objects[value.number]
        if isinstance(value, (list, tuple)):
            return type(value)(self._resolve(item) for item in value)
        return value

    def _look(self, result: Any, call: Call, watched: dict[str, torch.Tensor]) -> dict:
        seen: dict[str, Any] = {"type": _type_name(result)}
        if isinstance(result, torch.nn.Module):
            seen["parameters"] = {name: tensor_to_plain(p) for name, p in result.named_parameters()}
        seen["value"] = to_plain(result)
        if isinstance(result, torch.Tensor):
            seen["requires_grad"] = bool(result.requires_grad)
            seen["shares_memory"] = [name for name, tensor in watched.items() if _shares_memory(result, tensor)]
        if call.gradients:
            seen |= _differentiate(result, call, watched | self._parameters(call))
        if call.keep:
            self.objects.append(result)
            seen["kept"] = len(self.objects) - 1
        return seen

    def _parameters(self, call: Call) -> dict[str, torch.Tensor]:
        target = self.objects[call.target]
        return dict(target.named_parameters()) if isinstance(target, torch.nn.Module) else {}


def _differentiate(result: Any, call: Call, inputs: dict[str, torch.Tensor]) -> dict:
    """Gradients of ⟨cotangent, result⟩ with respect to the inputs named in the call."""
    if not isinstance(result, torch.Tensor) or not result.requires_grad:
        return {"gradients": dict.fromkeys(call.gradients)}
    from gradlab.probe.record import node_names

    nodes = node_names(result)
    wanted = [inputs[name] for name in call.gradients if name in inputs]
    cotangent = torch.ones_like(result) if call.cotangent is None else call.cotangent.to(result.dtype)
    try:
        found: Any = torch.autograd.grad(
            result, wanted, cotangent.expand_as(result), allow_unused=True, retain_graph=True
        )
    except (RuntimeError, ValueError, NotImplementedError) as error:
        return {"gradient_error": str(error)[:LONGEST_TEXT], "nodes": nodes}
    names = [name for name in call.gradients if name in inputs]
    plain = {name: None if g is None else tensor_to_plain(g + 0.0) for name, g in zip(names, found)}
    return {"gradients": {name: plain.get(name) for name in call.gradients}, "nodes": nodes}


def _watched(arguments: list, keywords: dict) -> dict[str, torch.Tensor]:
    """Every tensor that goes in: arguments, and the leaves that a named function says it closes over."""
    watched = {}
    for name, value in [*((str(i), a) for i, a in enumerate(arguments)), *keywords.items()]:
        if isinstance(value, torch.Tensor):
            watched[name] = value
        elif isinstance(value, (list, tuple)):
            watched |= {f"{name}.{i}": item for i, item in enumerate(value) if isinstance(item, torch.Tensor)}
        else:
            watched |= {f"{name}.{leaf}": tensor for leaf, tensor in getattr(value, "leaves", {}).items()}
            if isinstance(value, torch.nn.Module):
                watched |= {f"{name}.{leaf}": tensor for leaf, tensor in value.named_parameters()}
    return watched


def _state(tensor: torch.Tensor) -> tuple:
    """What a well-behaved function leaves as it was; `.grad` comes last."""
    grad = tensor.grad if tensor.is_leaf else None
    return (_contents(tensor), tuple(tensor.shape), tensor.requires_grad, None if grad is None else _contents(grad))


def _contents(tensor: torch.Tensor) -> bytes:
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b""


def _shares_memory(result: torch.Tensor, tensor: torch.Tensor) -> bool:
    try:
        return result.numel() > 0 and result.untyped_storage().data_ptr() == tensor.untyped_storage().data_ptr()
    except (RuntimeError, NotImplementedError):  # some tensors have no storage to speak of
        return False


def _type_name(value: Any) -> str:
    return "Tensor" if isinstance(value, torch.Tensor) else type(value).__name__[:200]


def _raised(error: BaseException) -> dict:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith(OURS) and "site-packages" not in frame.filename]
    lines = traceback.format_list(own[-3:]) + traceback.format_exception_only(error)
    return {
        "type": type(error).__name__[:200],
        "bases": [base.__name__[:200] for base in type(error).__mro__],
        "message": str(error)[:LONGEST_TEXT],
        "traceback": "".join(lines)[-LONGEST_TEXT:],
    }


@contextlib.contextmanager
def _quiet() -> Generator[None]:
    """What an answer prints or warns while it is being looked at would drown the verdict."""
    sink = io.StringIO()
    with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _record() -> contextlib.AbstractContextManager:
    from gradlab.probe.record import Record

    return Record()
