"""Who may open this desk: the store's key, the device's half of it, sign-in, and the key that signs for the device.

Context. A laptop with case files is lost two hours from the nearest administrator; a judge must still open it with no
link.

Decision. The store's random 256-bit key lies in one small record, wrapped under two halves: what the judge knows
(passphrase through Argon2id) and what this PC keeps (32 random bytes in the system's keyring, or in a file only its
user may read). Every other secret is sealed under the store's key, so that a disk without the passphrase opens
nothing and speaks for nobody. A new passphrase rewrites the record alone. The record names its own cost, so that the
cost can rise later.

Alternatives. A passphrase-derived database key: every change re-encrypts the database, and each open costs a
derivation. The keyring alone: whoever holds the unlocked session holds the files. A TPM: the best half there is, on
the PCs that have one; it fits in the place of the device secret.

Consequences. Losing the device secret loses what was not yet sent: there is no back door here, a recovery record
sealed to the court is a decision of policy. Python cannot promise to wipe memory; `lock` overwrites the one buffer
that it owns. The lease and the wrong-passphrase pause are kept by our own code: they stop a finder and a habit, not
somebody who knows the passphrase and edits programs.

The files in a profile folder: ``key.json`` (record), ``key.tries`` (failures), ``vault.json`` (where the device
secret is), ``vault.secrets`` (only where no keyring serves), ``device.json`` (device key), ``standing.sealed`` (hub
time and lease).
"""
