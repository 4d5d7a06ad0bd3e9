"""Importing this module makes a process warm: it imports what lessons import, and is fit to fork kernels then."""

import os

# A process that forks must have one thread, and libraries of linear algebra start theirs when they are imported.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # or ipykernel's debugger warns while it is imported

from autograder.sandbox.inside.zygote import warm_up

warm_up()
