"""A kernel for one notebook, started first, since all else can be loaded while it starts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

ARGUMENTS = (
    "--log-level=40",  # its advice on transports is not for our reader
    # what each briefing needs is loaded before the first cell and is no part of its time
    "--IPKernelApp.exec_lines=__import__('rivals.briefing')",
)


@contextmanager
def start_kernel(folder: Path) -> Iterator[AsyncKernelManager]:
    """A kernel of this Python that works in a folder, perhaps still starting; it ends with this."""
    with tempfile.TemporaryDirectory(prefix="rivals-") as private:
        manager = AsyncKernelManager(
            kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
        )
        run_sync(manager.start_kernel)(
            extra_arguments=list(ARGUMENTS), env=_environment(private), cwd=str(folder)
        )
        try:
            yield manager
        finally:
            if manager.has_kernel:
                run_sync(manager.shutdown_kernel)(now=True)


def _environment(private: str) -> dict[str, str]:
    """The kernel's environment: nobody's start-up files, the same order of sets, no window."""
    return {
        **os.environ,
        "IPYTHONDIR": private,
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
