"""AES-256-CBC, as WeCom and Feishu use it. What does not decrypt is refused without saying why."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from services.intake.channels.adapter import unreadable

AES_BLOCK = 16


def decrypt(key: bytes, vector: bytes, sealed: bytes, padding_block: int) -> bytes:
    """Without its padding (PKCS #7 to multiples of `padding_block`). Raises Invalid."""
    if not sealed or len(sealed) % AES_BLOCK:
        raise unreadable("encryption")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    padded = decryptor.update(sealed) + decryptor.finalize()
    padding = padded[-1]
    if not 1 <= padding <= padding_block or padded[-padding:] != bytes([padding]) * padding:
        raise unreadable("encryption")
    return padded[:-padding]


def encrypt(key: bytes, vector: bytes, content: bytes, padding_block: int) -> bytes:
    padding = padding_block - len(content) % padding_block
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(content + bytes([padding]) * padding) + encryptor.finalize()
