"""A JupyterLab that a test has started: what it answers once it does."""

import subprocess
import time
from urllib.error import HTTPError
from urllib.request import urlopen

SECONDS = 180


def fetched(url: str, server: subprocess.Popen) -> str:
    """What an address answers; a server that ends meanwhile is a failure."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urlopen(url, timeout=30) as page:
                return page.read().decode()
        except HTTPError:
            raise
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"{url} does not answer; the server's exit code is {server.poll()}")
