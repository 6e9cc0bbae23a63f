"""Small parts that every page is made of; one file each, no services, no page.

Texts from people go through ``PlainLabel`` or a list line and are always plain. Colours and sizes come from ``theme``.

===================  ================================================================================
plain_label          ``PlainLabel(text, face="body", tone="text", wrap=False, elide=False, keeps_end=True)``
buttons              ``PrimaryButton(key, hint="")``, Quiet-, Danger-, LinkButton; ``IconButton(icon, name_key)``
card                 ``Card(title_key=None)``: ``.body`` layout, ``.add_trailing(widget)``
centred              ``Centred(box)``: one box in the middle of a face
section_head         ``SectionHead(key)``: a heading inside a page, with room for a widget at its right
page_head            ``PageHead``: ``set_title(key)``, ``set_title_text(text)``, ``set_subtitle``, ``add_button``
badge                ``Badge(key_or_text, tone)``: a word and a shape
banner               ``Banner``: what happened, what is safe, what next; buttons
empty_state          ``EmptyState(icon, title_key, hint_key, button)``
state_stack          ``StateStack``: loading, empty, error, offline, ready
chooser              ``Chooser()``: one of a short list
search_field         ``SearchField(placeholder_key)``: ``asked(str)`` 150 ms after the last key
key_hint             ``KeyHint("Ctrl+K")``
progress_row         ``ProgressRow``: a bar with a sentence
segmented            ``Segmented((("a", "key.a"), …))``: ``picked(str)``
icon_label           ``IconLabel("gavel", "muted")``
line                 ``Line``: what one list row says; ``LineDelegate`` paints it
page_cache           ``PageCache``: ids first, rows by pages of 200
lazy_list            ``LazyList``: ``show_ids(ids)``/``show_lines(lines)``; ``opened(id)``, ``picked(id)``
lazy_table           ``LazyTable``: columns, ``sort_asked(column, descending)``
card_splitter        ``CardSplitter(left, right)``: cards side by side, apart as everywhere
folding_splitter     ``FoldingSplitter(left, middle, right)``: sides fold, F11
date_field           ``DateField``: typed dd.mm.yyyy or picked
setting_row          ``SettingRow(key, hint_key, control)``: a choice with its reason
fact_rows            ``FactRows``: label and value, two columns
act_differences      ``ActDifferencesView``: ``show_acts(older, newer)``, words struck out or underlined
flow_row             ``FlowRow``: buttons or badges that go on in the next line
===================  ================================================================================
"""
