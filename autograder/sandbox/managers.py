"""Kernel managers that choose a provisioner, for anything that takes a ``kernel_manager_class``."""

import sys

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

from .client import PromptKernelClient


class PlainKernelManager(AsyncKernelManager):
    """Start hand-ins in this interpreter, unconfined, with an exam socket."""

    provisioner_name = "gradlab-plain"
    client_factory = Type(klass=PromptKernelClient)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The only kernel there is: a hand-in's metadata does not choose what the grader runs."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3 (gradlab)",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": self.provisioner_name}},
        )


class SandboxKernelManager(PlainKernelManager):
    """Start hand-ins warm and confined, with an exam socket."""

    provisioner_name = "gradlab-sandbox"
