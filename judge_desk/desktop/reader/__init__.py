"""Reading a document: PDF, image or plain text, in one widget that the case page and the preview share.

Context: what is read comes from parties, may have 1,000 pages or be broken, and must show its first page in under a
second on an old PC. Decision: a ``PageSource`` renders pages off the main thread (PDFs in the worker process of
``services.pdf_worker``, images by Qt under limits of size); ``RenderQueue`` asks for one page at a time, those in sight
first; ``PagesView`` paints them as one long roll; ``Reader`` adds toolbar, thumbnails, finding and the sentences for
what cannot be shown. Alternatives: QtPdf (a 440 MB wheel, renders in our process), a label a page (1,000 widgets).
Consequences: nothing is rendered that nobody looks at; bytes live in memory only, until the document is closed.

===============  =====================================================================================
sources          ``open_source(worker, media_type, content)`` gives a ``PageSource`` or a text
roll             geometry of the long roll of pages
render_queue     pictures of pages, asked for in the order of need
pages_view       ``PagesView``: scrolling, zoom, hits, selection
thumbnails       ``Thumbnails``: small pages beside the roll
text_view        ``TextView``: plain text with hits
find_bar         ``FindBar``: Ctrl+F, F3
reader           ``Reader``: all of it; ``show_document(...)``
===============  =====================================================================================
"""
