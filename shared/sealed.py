"""What one service tells another and nobody else is to read, on its way through events and documents."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken


class Sealer:
    """Seals with the secret that all services of an installation share (that of the links)."""

    def __init__(self, secret: str) -> None:
        key = hashlib.sha256(f"bihuan-sealed\n{secret}".encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Empty for what was sealed with another secret, or not at all."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except (InvalidToken, UnicodeError):
            return ""
