"""The desk without a screen: for IT staff, for scripts and for tests; each command is a thin call of a service.

Context: what the window can do must be provable from a script, on a PC without a screen.
Decision: one module a command with ``add_parser(subparsers)``; answers go to stdout (``--json``: one object),
messages to
stderr; exit codes 0 done, 1 findings, 2 wrong use or bad input, 3 could not reach or was refused; secrets come from a
prompt, stdin or the environment, never from an argument. Commands reach an open desk through ``ports.OpenDesk``, which
bootstrap hands in as ``arguments.open_desk``: this package knows no key, no file and no socket.
"""
