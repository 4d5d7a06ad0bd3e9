"""Cold plain kernel against warm sandboxed kernel: time until ready, and memory of its own.

Run: python tests/benchmarks/kernels.py [repetitions]. Prints ratios; times are shown to judge the noise by.
"""

import asyncio
import os
import re
import statistics
import sys
import time
from pathlib import Path

import psutil
from jupyter_client.manager import AsyncKernelManager

from autograder.sandbox.managers import PlainKernelManager, SandboxKernelManager
from autograder.sandbox.zygote import shared_zygote

LESSON = "import torch, numpy, gradlab, matplotlib.pyplot as plt"
WORK = (
    LESSON
    + """
a = torch.rand(300, 300, requires_grad=True)
torch.linalg.matrix_norm(a @ a).backward()
plt.plot([1, 2, 3]); plt.show()
"""
)


async def measure(manager: AsyncKernelManager) -> tuple[float, float, float, float]:
    """Seconds until ready, until imports are done, for the shutdown; megabytes of its own after work."""
    start = time.perf_counter()
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    ready = time.perf_counter()
    await client.execute_interactive(LESSON, output_hook=lambda _: None, timeout=60)
    imported = time.perf_counter()
    await client.execute_interactive(WORK, output_hook=lambda _: None, timeout=60)
    own = own_megabytes(manager)
    end = time.perf_counter()
    await manager.shutdown_kernel(now=True)
    down = time.perf_counter()
    client.stop_channels()
    return ready - start, imported - start, down - end, own


def own_megabytes(manager: AsyncKernelManager) -> float:
    """Memory that would be free if the kernel's processes were gone (USS)."""
    if isinstance(manager, SandboxKernelManager):
        info = Path(f"/proc/self/fdinfo/{manager.provisioner._pidfd}").read_text()
        first = psutil.Process(int(re.search(r"^Pid:\s*(\d+)", info, re.M)[1]))
    else:
        first = psutil.Process(manager.provisioner.pid)
    total = 0
    for process in (first, *first.children(recursive=True)):
        try:
            total += process.memory_full_info().uss
        except psutil.AccessDenied:  # the guard hides its memory from ordinary users
            pass
    return total / 1e6


def medians(kind: type[AsyncKernelManager], repetitions: int) -> list[float]:
    rows = [asyncio.run(measure(kind())) for _ in range(repetitions)]
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def main(repetitions: int) -> None:
    start = time.perf_counter()
    shared_zygote()
    print(f"zygote warm after {time.perf_counter() - start:.1f} s, once a grading run; {os.cpu_count()} cores")
    warm, cold = medians(SandboxKernelManager, repetitions), medians(PlainKernelManager, repetitions)
    labels = (
        "until ready (ms)",
        "until torch, numpy, gradlab, pyplot (ms)",
        "shutdown (ms)",
        "own memory after work (MB)",
    )
    for label, scale, w, c in zip(labels, (1000, 1000, 1000, 1), warm, cold, strict=True):
        print(f"{label:42s} warm, sandboxed {w * scale:7.0f}   cold, plain {c * scale:7.0f}   ratio {w / c:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
