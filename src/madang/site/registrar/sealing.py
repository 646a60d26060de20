"""How a credential is kept: under the registrar's key while nobody has it, then only under its human's."""

import base64

from cryptography.fernet import Fernet

from madang.site.people import vault


def human_hash(election: str, told: str) -> str:
    """The keyed hash by which the same human is known again in one election; it opens nothing."""
    return vault.keyed("human", f"{election}\n{told}")


def seal_for(election: str, told: str, credential: str) -> bytes:
    """Encrypt a credential under what an identity check says of its human."""
    return _box(election, told).encrypt(credential.encode())


def open_for(election: str, told: str, sealed: bytes) -> str:
    """Decrypt what `seal_for` made. Raises cryptography.fernet.InvalidToken for anybody else."""
    return _box(election, told).decrypt(sealed).decode()


def _box(election: str, told: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(vault.keyed("credential", f"{election}\n{told}"))))
