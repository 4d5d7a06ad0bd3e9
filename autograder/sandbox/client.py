"""A kernel client that is ready when the kernel is, and that a kernel cannot hold up."""

import time
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient


class PromptKernelClient(AsyncKernelClient):
    """jupyter_client's, without its 0.2 s of waiting for the output of other clients: a hand-in has none.

    Nor has it a heartbeat: the manager knows whether the kernel lives, and jupyter_client's heartbeat thread
    waits for ever on a peer that sends half a message.
    """

    def start_channels(self, shell=True, iopub=True, stdin=True, hb=False, control=True) -> None:
        """As jupyter_client's, with no heartbeat unless asked for."""
        super().start_channels(shell, iopub, stdin, hb, control)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel answers and its output arrives.

        Raises
        ------
        RuntimeError
            If the kernel dies, or does not answer within `timeout` seconds.
        """
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self._hears_back(self.kernel_info()):
            if not await self._async_is_alive():
                raise RuntimeError("The kernel died before it was ready.")
            if time.monotonic() > deadline:
                raise RuntimeError(f"The kernel was not ready after {timeout} s.")

    async def _hears_back(self, request: str) -> bool:
        """Whether both the reply and the end of its output come; output is lost until iopub is connected."""
        try:
            while (reply := await self.shell_channel.get_msg(timeout=1))["parent_header"].get("msg_id") != request:
                pass
            while not _is_end_of(request, await self.iopub_channel.get_msg(timeout=0.2)):
                pass
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True


def _is_end_of(request: str, message: dict) -> bool:
    return message["parent_header"].get("msg_id") == request and message["content"].get("execution_state") == "idle"
