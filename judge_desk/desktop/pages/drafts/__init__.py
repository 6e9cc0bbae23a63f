"""The page of drafts: what is being written, and the desk on which one act is written."""
