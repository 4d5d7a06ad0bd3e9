"""Kernels for hand-ins: one plain, one warm and confined, both with a socket for the exam."""
