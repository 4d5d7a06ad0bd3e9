"""A kernel with an exam socket and no confinement, for ``--no-sandbox``."""

import socket

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

EXAM_FD = "GRADLAB_EXAM_FD"


class PlainProvisioner(LocalProvisioner):
    """Start the kernel as jupyter_client does, with one end of a stream socket pair inherited.

    The kernel finds its end as the file descriptor named by the environment variable `GRADLAB_EXAM_FD`;
    the grader's end is `exam_socket` (blocking, AF_UNIX, SOCK_STREAM). A restart makes a new pair.
    """

    exam_socket: socket.socket | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs) -> KernelConnectionInfo:
        """Launch the command with the exam socket open in it."""
        self._close_exam_socket()
        self.exam_socket, theirs = socket.socketpair()
        with theirs:
            kwargs["env"] = {**kwargs["env"], EXAM_FD: str(theirs.fileno())}
            kwargs["pass_fds"] = (theirs.fileno(),)
            return await super().launch_kernel(cmd, **kwargs)

    async def cleanup(self, restart: bool = False) -> None:
        """Give the ports back and close the grader's end."""
        self._close_exam_socket()
        await super().cleanup(restart=restart)

    def _close_exam_socket(self) -> None:
        if self.exam_socket is not None:
            self.exam_socket.close()
            self.exam_socket = None
