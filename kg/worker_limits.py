"""What a worker process can't do, whatever it is asked: use too much memory, open a connection, outlive the server."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
import threading

# Numbers of the kernel's interface, which is stable: architecture for audit, then the system call `socket`.
_SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_STANDARD_INPUT = 0
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # _REFUSE: the call fails with EPERM
_X32 = 0x40000000  # numbers from here on are the x32 interface of x86_64, which has its own way to `socket`


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def limit_memory(size: int) -> None:
    """Let this process have `size` bytes of memory of its own, and leave no core file if it fails for want of more."""
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lock_sockets() -> bool:
    """Make every later attempt to open a socket fail; returns whether this system can do so.

    A seccomp filter of Linux; it can't be taken off again, and needs no privilege.
    """
    known = _SOCKET_CALLS.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, socket_call = known
    lines = (
        (_LOAD, 0, 0, 4),  # the architecture
        (_JUMP_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the number of the system call
        (_JUMP_IF_AT_LEAST, 1, 0, _X32),
        (_JUMP_IF_EQUAL, 0, 1, socket_call),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    program = _Program(len(lines), ctypes.addressof(code))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return bool(
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        and prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0
    )


def end_with_parent() -> None:
    """End this process as soon as its standard input does, which its parent holds open: also amid a query."""

    def wait() -> None:
        while os.read(_STANDARD_INPUT, 1):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
