"""The vault's primitives: a keyed hash of an identity, and sealing of personal data.

Keys come from the deployment, never from the database; without them the rows say nothing.
"""

import base64
import hashlib
import hmac
import unicodedata
from datetime import date
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings


def subject_hash(subject: str) -> str:
    """The keyed hash by which the same human is recognised again: HMAC-SHA256, 64 hex digits."""
    return keyed("identity", subject)


def likeness_hash(*, name: str, born_on: date, sex: str) -> str:
    """The keyed hash by which a human is known who comes another way: blanks and capitals of the name do not matter."""
    plain = unicodedata.normalize("NFKC", "".join(name.split())).casefold()
    return keyed("likeness", f"{plain}\n{born_on.isoformat()}\n{sex}")


def letter_hash(*, code: str, born_on: date) -> str:
    """The keyed hash of a letter's code with the day of birth of the one it is for."""
    return keyed("letter", f"{code}\n{born_on.isoformat()}")


def voter_key(election: str, subject: str) -> str:
    """A key for one election only, so that rolls of two elections cannot be joined."""
    return hmac.new(settings.VOTER_KEY.encode(), f"{election}\n{subject}".encode(), hashlib.sha256).hexdigest()


def keyed(purpose: str, text: str) -> str:
    """The hash of a text under the vault's key, another one for each purpose: HMAC-SHA256, 64 hex digits."""
    return hmac.new(settings.VAULT_KEY.encode(), f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()


def seal(text: str) -> bytes:
    """Encrypt personal data for the vault."""
    return _box().encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """Decrypt what `seal` made. Raises cryptography.fernet.InvalidToken with another key."""
    return _box().decrypt(bytes(sealed)).decode()


@cache
def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"seal\n" + settings.VAULT_KEY.encode()).digest()))
