"""What a drawing leaves behind goes when the drawing ends."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def collected_at_the_end() -> Generator[None, None, None]:
    """Collect garbage after a `with` block, and not inside.

    A matplotlib figure is full of reference cycles. Collections while it is drawn move it among the old objects, and every
    twelfth picture or so then waits 0.2 s for a collection of all objects of the kernel; young ones take 2 ms.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
            gc.collect(1)
