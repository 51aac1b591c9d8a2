"""Secrets at rest: sealed with the first key, opened with any, each bound to whose it is."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Sequence
from hashlib import sha256
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES = 32, 12


class SealError(Exception):
    """A key is unusable, or none of the keys opens what was sealed; the message says which."""


class Seal:
    """AES-256-GCM. What was sealed for one owner does not open for another: a row cannot be moved."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise SealError("BATON_SECRET_KEYS needs keys of 32 bytes; `baton db new-key` makes one.")
        self._keys = {sha256(key).hexdigest()[:8]: AESGCM(key) for key in keys}
        self._newest = next(iter(self._keys))

    @classmethod
    def of(cls, text: str) -> "Seal":
        """Read keys as they are set: base64, comma between, the newest first."""
        try:
            return cls([urlsafe_b64decode(part.strip()) for part in text.split(",") if part.strip()])
        except NoBase64 as error:
            raise SealError("A key in BATON_SECRET_KEYS is no base64.") from error

    def sealed(self, secret: str, owner: str) -> str:
        """Seal a secret: `<key id>.<base64>`; an empty one stays empty."""
        if not secret:
            return ""
        nonce = urandom(NONCE_BYTES)
        closed = self._keys[self._newest].encrypt(nonce, secret.encode(), owner.encode())
        return f"{self._newest}.{urlsafe_b64encode(nonce + closed).decode()}"

    def opened(self, sealed: str, owner: str) -> str:
        """Open what was sealed for this owner. Raises SealError."""
        if not sealed:
            return ""
        key_id, _, content = sealed.partition(".")
        if key_id not in self._keys:
            raise SealError(f"BATON_SECRET_KEYS lacks the key {key_id} that sealed a token of {owner}.")
        both = urlsafe_b64decode(content)
        try:
            plain = self._keys[key_id].decrypt(both[:NONCE_BYTES], both[NONCE_BYTES:], owner.encode())
        except InvalidTag as error:
            raise SealError(f"What was sealed for {owner} was changed, or moved from elsewhere.") from error
        return plain.decode()


def new_key() -> str:
    """Make a key, as it is set."""
    return urlsafe_b64encode(urandom(KEY_BYTES)).decode()
