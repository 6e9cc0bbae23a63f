"""What build_installer.py is made of: the one-folder program, what it links to, its licences, and the .deb around it.

Context: courts install without Internet and roll out silently; the program carries its own Python, Qt and libraries.
Decision: PyInstaller makes one folder out of the wheel of this project and of packages checked against the hash locks;
the modules lie as separate files (`noarchive`), which starts a fifth faster than its compressed archive and makes
further executables cost 100 KB; of Qt only what the window uses is kept; libraries that Debian keeps secure (OpenSSL,
X11, GLib, …) stay Debian's: each has its package in `linked.SYSTEM`, and a library that is in neither place stops the
build. Alternatives: a venv inside the .deb (no Python of its own, so one .deb for each release of Debian), Nuitka (not
reproducible here), Flatpak and AppImage (need a runtime from the network). Consequences: build on the oldest release
that is to be served, for its C library is the floor; the hub's libraries are in the desk's package as well.
"""
