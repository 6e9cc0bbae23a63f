"""The window around the pages: navigation, page history, status line, palette, lock screen, toasts.

Decision: what the shell needs of the services is written down in ``ports`` as small protocols, so that it runs in
tests over plain values; bootstrap hands in the real ones.
"""
