"""Locks an open file without ever waiting. The lock ends with the process that holds it.

This module uses no library for file locks. Some libraries assume that an error of the file system,
such as EACCES, means that another process holds the lock. They then wait for that process.
"""

import errno
import sys

#: The errors that a lock of another process causes. On Windows, the error is EACCES.
_HELD = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES}

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, shared: bool) -> None:
        del shared  # Windows has only exclusive locks
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int, *, shared: bool) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_NB | (fcntl.LOCK_SH if shared else fcntl.LOCK_EX))


def lock(descriptor: int) -> None:
    """Lock a file that is open for reading and writing, until it is closed.

    Raises:
        OSError: the file is locked already, or its file system cannot lock files.
    """
    _lock(descriptor, shared=False)


def is_locked(descriptor: int) -> bool:
    """Whether another process holds a lock that it got from `lock`.

    The check itself takes a shared lock, which ends when the caller closes the file. Shared locks
    do not count as locks here, so several processes can check one file at the same time.

    Raises:
        OSError: the file system cannot lock files.
    """
    try:
        _lock(descriptor, shared=True)
    except OSError as error:
        if error.errno in _HELD:
            return True
        raise
    return False
