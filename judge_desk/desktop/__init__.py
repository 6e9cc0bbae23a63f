"""The desk's window: PySide6, and nothing but presentation.

Context: pages are written by several hands and must look and behave as one; a slow store or a lost link must never
freeze the screen; the window speaks three languages, two themes and three text sizes, changed while it runs.
Decision: everything shared lies here once. ``theme`` alone knows a colour or a size, ``wording`` alone knows the
language, ``tasks`` alone starts threads, ``actions`` alone knows shortcuts, ``events`` alone carries "what changed".
A page is a ``page.Page``; it is handed a ``page.PageContext`` and asks ``context.desk`` (services) for everything.
Alternatives: Qt's own ``tr``/``.ts`` (the hub and the PDF need the same catalogs); a controller object handed to every
widget (the road to a god class); a widget for each list row (dies at 1,000 rows).
Consequences: a page-writer needs ``page``, ``wording``, ``tasks``, ``theme``, ``icons`` and ``widgets``, nothing else;
PySide6 is imported in this package only, and the package imports neither store, sync, security nor an HTTP client.
"""
