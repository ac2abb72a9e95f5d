"""Digests, passwords, secrets and the encryption of fields."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.kernel.errors import Unavailable

NONCE_BYTES = 12
HASHER = PasswordHasher()


def has_sm3() -> bool:
    """Return whether this machine's OpenSSL knows SM3 (GB/T 32905)."""
    return "sm3" in hashlib.algorithms_available


DIGEST = "sm3" if has_sm3() else "sha256"


def digest(*parts: bytes, name: str = DIGEST) -> bytes:
    """Return the 32-byte digest of the parts, each led by its length so that none can shift."""
    led = b"".join([len(part).to_bytes(8, "big") + part for part in parts])
    return hashlib.new(name, led).digest()


def fingerprint(content: bytes, name: str = DIGEST) -> str:
    """Return the hexadecimal digest that names a version of a definition."""
    return hashlib.new(name, content).hexdigest()


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password (RFC 9106, library defaults)."""
    return HASHER.hash(password)


def password_matches(stored: str, password: str) -> bool:
    """Return whether `password` is the one that `stored` was made of."""
    try:
        return HASHER.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def new_secret() -> str:
    """Return a secret of 256 bits, fit for a cookie or a URL."""
    return secrets.token_urlsafe(32)


def same(left: str, right: str) -> bool:
    """Compare two secrets in a time that does not tell where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


class Vault:
    """Encrypts fields with AES-256-GCM; the id of the key stands before the text.

    Old keys stay readable after a rotation, the newest one writes.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self._current = current

    def seal(self, text: str) -> bytes:
        """Return the encrypted form of `text`, different at each call."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        name = self._current.encode()
        sealed = self._ciphers[self._current].encrypt(nonce, text.encode(), name)
        return name + b":" + nonce + sealed

    def open(self, sealed: bytes) -> str:
        """Return the text; Unavailable `vault.unreadable` when key or bytes are not right."""
        name, _, rest = sealed.partition(b":")
        cipher = self._ciphers.get(name.decode(errors="replace"))
        if cipher is None:
            raise Unavailable("vault.unreadable", key=name.decode(errors="replace"))
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], name).decode()
        except InvalidTag as error:
            raise Unavailable("vault.unreadable", key=name.decode()) from error
