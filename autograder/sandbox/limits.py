"""What one hand-in may use."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds for one hand-in, all of its processes together unless it says otherwise.

    A kernel of these lessons that has run holds 50–100 MB of its own; torch, numpy and matplotlib are shared.
    """

    memory_mb: int = 2048
    """Private and shared memory, measured ten times a second (MB)."""
    address_space_mb: int = 4096
    """Virtual memory of one process, refused by the kernel at once (MB)."""
    processes: int = 96
    """Processes and threads."""
    open_files: int = 256
    """Open files of one process."""
    file_mb: int = 512
    """Size of one file (MB)."""
    disk_mb: int = 512
    """Everything it writes, and its own files (MB)."""
    output_mb: int = 20
    """Everything it sends to the grader as output (MB)."""
    cpu_seconds: int = 600
    """Processor time of one process (s)."""
    wall_seconds: int = 900
    """Time from the kernel's start to its forced end (s)."""
