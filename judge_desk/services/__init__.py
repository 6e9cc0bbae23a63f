"""The desk's use cases: what a page, a command or a test may ask for; no Qt, and each change answers with Changes.

Context: pages, the command line and tests must do the same thing in the same way, online or not.
Decision: one class a capability over ``DeskContext``; reading returns frozen values, writing returns ``Changes`` so
that
every open page can refresh itself; a permission is asked here by the same pure function that the hub asks again.
Alternatives: pages over repositories (rules end up in widgets), one big controller (sixty methods that everybody
knows).
Consequences: a use case is tested without a window; the window never sees a database, a key or a socket.
"""
