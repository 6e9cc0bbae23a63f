"""Judge Desk: a judge's workplace that works with the cable pulled out, and the court hub it agrees with.

The version stands here and nowhere else; the build, the about page and the protocol read it from here.
"""

__version__ = "0.1.0"
