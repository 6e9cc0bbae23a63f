"""Questions that stand before the page; all by ``open()``, so that no nested event loop hides a change."""
