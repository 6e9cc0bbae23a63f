"""Signatures on finished acts: made with a key file, a token or NCALayer; stamped with time; checked again in decades.

Context: a judge signs fifty rulings in one go, with the cable pulled out; a citizen checks one of them in twenty years.
The keys of the national authority lie in files, on tokens, or behind the program NCALayer, which alone knows GOST.
Decision: one port, `signer.ActSigner`, that turns bytes into a detached CMS; `signing` puts that CMS into a PDF as a
PAdES signature (B-B), always offline, always whole in memory before anything is written. What needs a network
(revocation data, archive time stamp: B-LTA) is a second step, `long_term`, an incremental update that never touches
the first signature, so it can be done a week later from a queue. pyHanko does the PDF and CMS work.
`verifying` trusts nobody by itself: it needs roots, given by the court, and says false without them.
Alternatives: signing and stamping in one call (no signature without a link; a lying stamp server would spoil the act);
XML signatures beside the file (two files that part).
Consequences: NCALayer gets the bytes of the file, not a hash, so that it may hash as its key demands; a signature with
a GOST key is placed but cannot be checked here, and is reported as such, never as valid. A token is read in this
process, by the maker's own driver. The picture of the signature is drawn by `drafting`, which this room may not see:
it comes in as one page of PDF.
"""
