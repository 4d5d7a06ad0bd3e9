"""A jupyter_client provisioner whose kernels are forked warm and confined."""

import asyncio
import dataclasses
import json
import os
import re
import select
import shutil
import signal
import socket
import tempfile
from pathlib import Path

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Integer

from .limits import Limits
from .memory_group import MemoryGroup
from .parcel import pack_folder
from .scratch import scratch
from .zygote import SandboxUnavailable, Zygote, shared_zygote

CHANNELS = ("shell", "iopub", "stdin", "control")
START = 30  # seconds for a fork to become a kernel
END = 10  # seconds for the kernel's processes to be dead after they were killed
SPARE_MB = 256  # for what the system keeps for a hand-in, beyond the memory and the files that are counted


def _limit(name: str) -> Integer:
    return Integer(getattr(Limits, name), min=1, help=f"See {Limits.__name__}.{name}.").tag(config=True)


class SandboxProvisioner(KernelProvisionerBase):
    """Fork the kernel from the shared zygote into namespaces of its own, with a copy of its folder.

    `exam_socket` is the grader's end of the stream socket that the kernel finds as `GRADLAB_EXAM_FD`;
    `stopped_because` says which limit ended the kernel, or is None.
    """

    memory_mb = _limit("memory_mb")
    address_space_mb = _limit("address_space_mb")
    processes = _limit("processes")
    open_files = _limit("open_files")
    file_mb = _limit("file_mb")
    disk_mb = _limit("disk_mb")
    output_mb = _limit("output_mb")
    cpu_seconds = _limit("cpu_seconds")
    wall_seconds = _limit("wall_seconds")

    exam_socket: socket.socket | None = None
    stopped_because: str | None = None
    exit_code: int | None = None
    _lifeline: socket.socket | None = None
    _pidfd: int | None = None
    _folder: str | None = None
    _group: MemoryGroup | None = None

    @property
    def limits(self) -> Limits:
        """The limits in force."""
        return Limits(**{field.name: getattr(self, field.name) for field in dataclasses.fields(Limits)})

    @property
    def has_process(self) -> bool:
        """Whether there is a sandbox, dead or alive, that was not waited for."""
        return self._pidfd is not None

    async def pre_launch(self, **kwargs) -> dict:
        """Choose the ipc transport, with sockets in a folder that only the grader's user may enter."""
        self._release()
        self._folder = tempfile.mkdtemp(dir=scratch())
        manager = self.parent
        manager.transport = "ipc"
        manager.connection_file = os.path.join(self._folder, "kernel.json")
        manager.ip = os.path.join(self._folder, "kernel")
        for number, channel in enumerate(CHANNELS, 1):
            setattr(manager, f"{channel}_port", number)
        manager.hb_port = len(CHANNELS) + 1  # nobody listens there, see PromptKernelClient
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=kwargs.pop("extra_arguments", []), **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs) -> KernelConnectionInfo:
        """Fork a kernel; `cmd` holds arguments for ipykernel, `cwd` the folder it gets a copy of."""
        self.stopped_because = self.exit_code = None
        try:
            await asyncio.to_thread(self._launch, cmd, kwargs.get("cwd"))
        except BaseException:
            self._release()
            raise
        return self.connection_info

    def _launch(self, arguments: list[str], folder: str | None) -> None:
        zygote = shared_zygote()
        try:
            self._fork(zygote, arguments, folder)
        except ConnectionError:  # the zygote has died, or dies; it is the next hand-in's zygote too
            zygote.close()
            self._fork(shared_zygote(), arguments, folder)

    def _fork(self, zygote: Zygote, arguments: list[str], folder: str | None) -> None:
        self._close_sockets()
        parcel = pack_folder(folder or self._folder, self.disk_mb << 20)
        self._lifeline, their_lifeline = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.exam_socket, their_exam = socket.socketpair()
        listeners = [_listen(f"{self.connection_info['ip']}-{number}") for number, _ in enumerate(CHANNELS, 1)]
        request = {
            "limits": dataclasses.asdict(self.limits),
            "folder": _folder_name(folder),
            "key": self.connection_info["key"].decode(),
            "signature_scheme": self.connection_info["signature_scheme"],
            "arguments": arguments,
        }
        try:
            self._lifeline.send(json.dumps(request).encode())
            zygote.fork(their_lifeline, their_exam, parcel, listeners)
        finally:
            os.close(parcel)
            for end in (their_lifeline, their_exam, *listeners):
                end.close()
        self._wait_until_ready()
        # Nothing of the hand-in has run yet.
        self._group = MemoryGroup.around(self._pidfd, self.memory_mb + self.disk_mb + SPARE_MB)

    def _wait_until_ready(self) -> None:
        self._lifeline.settimeout(START)
        ready = False
        while not (ready and self.has_process):
            try:
                news, descriptors, _, _ = socket.recv_fds(self._lifeline, 1 << 16, 1)
            except TimeoutError:
                news = b'{"error": "it did not answer"}'
            if not news:
                raise ConnectionResetError("the sandbox ended before it could say why")
            message = json.loads(news)
            if "error" in message or "ended" in message:
                raise SandboxUnavailable(
                    f"The sandbox for this hand-in did not start ({message.get('error', message)}). "
                    "Run `gradlab doctor` to see what this machine allows."
                )
            if descriptors:
                self._pidfd = descriptors[0]
            ready = ready or "ready" in message
        self._lifeline.setblocking(False)

    async def poll(self) -> int | None:
        """None while the kernel lives; its exit code once *all* processes of the sandbox are dead."""
        if self._pidfd is not None and not _is_dead(self._pidfd):
            return None
        self._hear()
        return -signal.SIGKILL if self.exit_code is None else self.exit_code

    async def wait(self) -> int | None:
        """Wait until all processes of the sandbox are dead."""
        while (code := await self.poll()) is None:
            await asyncio.sleep(0.005)
        self._forget_process()
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it started in its process group."""
        if signum in (
            signal.SIGKILL,
            signal.SIGTERM,
        ):  # what a hand-in would do at SIGTERM is of no use to anybody
            await self.kill()
        elif self._lifeline is not None:
            try:
                self._lifeline.send(str(int(signum)).encode())
            except OSError:  # it has ended
                pass

    async def kill(self, restart: bool = False) -> None:
        """Kill every process of the sandbox and return when they are dead."""
        if self._pidfd is None:
            return
        try:
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            await asyncio.wait_for(self.wait(), END)
        except TimeoutError:
            raise RuntimeError(f"The hand-in's processes were not dead {END} s after they were killed.") from None

    async def terminate(self, restart: bool = False) -> None:
        """The same as `kill`."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Return when every process of the sandbox is dead; close its sockets and remove their folder."""
        await self.kill(restart)
        self._release()

    def _hear(self) -> None:
        """Read the guard's last words."""
        while self._lifeline is not None:
            try:
                news = self._lifeline.recv(1 << 16)
            except OSError:
                return
            if not news:
                return
            message = json.loads(news)
            if "ended" in message:
                self.exit_code = message["ended"]
                self.stopped_because = message["because"] or self._out_of_memory()
            elif "error" in message:
                self.stopped_because = f"its guard could not go on ({message['error']})"

    def _out_of_memory(self) -> str | None:
        if self.exit_code == -signal.SIGKILL and self._group is not None and self._group.exceeded:
            return f"it used more than {self.memory_mb} MB of memory, with what the system keeps for it"
        return None

    def _release(self) -> None:
        """Close what is left of the last kernel; without its lifeline the guard ends its sandbox."""
        self._forget_process()
        if self._group is not None:
            self._group.remove()
            self._group = None
        self._close_sockets()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _close_sockets(self) -> None:
        for end in (self._lifeline, self.exam_socket):
            if end is not None:
                end.close()
        self._lifeline = self.exam_socket = None

    def _forget_process(self) -> None:
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None


def _listen(path: str) -> socket.socket:
    Path(path).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(16)
    return listener


def _is_dead(pidfd: int) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(0))


def _folder_name(folder: str | None) -> str:
    """The hand-in's folder under its own name, if that is an ordinary one."""
    name = Path(folder or "").resolve().name
    return name if re.fullmatch(r"\w[\w.-]{0,80}", name, re.ASCII) else "hand-in"
