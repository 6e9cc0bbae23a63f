"""The desk runs on Windows too: what only POSIX has is asked for behind a question, never at import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import source

POSIX_MODULES = {
    *("crypt", "curses", "fcntl", "grp", "nis", "posix", "pty", "pwd", "readline", "resource", "spwd", "syslog"),
    *("termios", "tty"),
}
WINDOWS_MODULES = {"msvcrt", "nt", "winreg", "winsound", "_winapi", "win32api", "win32cred"}
POSIX_NAMES = {
    **dict.fromkeys(("fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "chown", "lchown", "fchown"), "os"),
    **dict.fromkeys(
        ("fchmod", "setsid", "setpgid", "killpg", "mkfifo", "openpty", "uname", "statvfs", "getloadavg"), "os"
    ),
    **dict.fromkeys(("nice", "pread", "pwrite", "sendfile", "O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC", "O_SYNC"), "os"),
    **dict.fromkeys(("SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCHLD", "SIGPIPE", "SIGQUIT"), "signal"),
    **dict.fromkeys(("alarm", "pause", "setitimer", "pthread_sigmask", "pthread_kill", "sigwait"), "signal"),
    **dict.fromkeys(("poll", "epoll"), "select"),
    "AF_UNIX": "socket",
    "RLIMIT_AS": "resource",
}
QUESTIONS = ("os.name", "sys.platform", "hasattr(os,", "hasattr(signal,", "hasattr(socket,", "platform.system()")


def foreign(node: ast.AST) -> str:
    """The name that not every system has, or nothing."""
    if isinstance(node, ast.Import):
        names = [alias.name.split(".")[0] for alias in node.names]
        return next((name for name in names if name in POSIX_MODULES | WINDOWS_MODULES), "")
    if isinstance(node, ast.ImportFrom):
        name = (node.module or "").split(".")[0]
        return name if name in POSIX_MODULES | WINDOWS_MODULES else ""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}" if POSIX_NAMES.get(node.attr) == node.value.id else ""
    return ""


def unguarded(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of what is used where nobody asked for the system: not around it, nor before it in its function."""

    def walk(node: ast.AST, *, asked: bool) -> Iterator[tuple[int, str]]:
        name = foreign(node)
        if name and not asked:
            yield getattr(node, "lineno", 0), name
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            asked = False
        if isinstance(node, (ast.If, ast.IfExp, ast.BoolOp)) and asks(node):
            asked = True
        for child in ast.iter_child_nodes(node):
            yield from walk(child, asked=asked)
            # A question that returns early answers for what follows it in the function.
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and isinstance(child, ast.If) and asks(child):
                asked = True

    yield from walk(module, asked=False)


def asks(node: ast.If | ast.IfExp | ast.BoolOp) -> bool:
    """Whether the condition is about the system."""
    text = ast.unparse(node if isinstance(node, ast.BoolOp) else node.test)
    return any(question in text for question in QUESTIONS)


@pytest.mark.parametrize("path", source.package_files(), ids=source.name)
def test_nothing_of_one_system_is_used_unasked(path: Path) -> None:
    assert list(unguarded(source.tree(path))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import fcntl", ["fcntl"]),
        ("from resource import setrlimit", ["resource"]),
        ("import os\nif os.name == 'posix':\n    import pwd", []),
        ("def f():\n    if sys.platform == 'win32':\n        return\n    import resource", []),
        ("def f():\n    import resource\n    if sys.platform == 'win32':\n        return", ["resource"]),
        ("if os.name == 'posix':\n    def f():\n        os.fork()", ["os.fork"]),
        ("def f(p):\n    os.kill(p, signal.SIGKILL)", ["signal.SIGKILL"]),
        ("def f():\n    return hasattr(os, 'geteuid') and os.geteuid() == 0", []),
        ("import winreg", ["winreg"]),
    ],
)
def test_the_check_can_tell(text: str, found: list[str]) -> None:
    assert [name for _line, name in unguarded(ast.parse(text))] == found
