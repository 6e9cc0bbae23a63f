"""The structured editor: a QTextDocument as a view over an ActText, never the other way round.

Context. An act is typed blocks with ids that never change; merge, comparison and signature hang on them. Qt's document
knows letters and looks. Saving its HTML would lose ids, facts and references, and its plain text turns a no-break space
into a space.

Decision. ``showing`` writes an act into a document, with everything that is not a look kept in properties of formats;
``reading`` walks the blocks and gives the act back, equal to the bit. Colours, the weight of headings and the names of
parts are laid over by a highlighter, so that a theme or a text size never enters the undo stack. A part begins with a
heading line that cannot be edited; a table is followed by a filler line that is no block of the act until something is
typed into it. Ids are given anew where a line was split or pasted, by ``ids.mend``.

Alternatives. One text field a part would cut selection, search and undo at each part. Own layout and caret would be
years of work for what Qt does well.

Consequences. Whoever changes the document elsewhere (a dialog, a merge) goes through ``ActEdit``; what is shown but is
no text of the act needs a property here and a case in ``reading``.
"""
