"""The robotic assistant: it checks, explains and prepares, and never decides or writes by itself.

Everything here is a pure function over values of the domain, so that a check says the same on the desk, in the
command line and in a test, and may run in any thread.
"""
