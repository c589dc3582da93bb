"""An authority of the installation's own, and certificates of its servers, for TLS inside of it."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_FOR, SERVER_FOR = timedelta(days=3650), timedelta(days=397)
RENEWED_BEFORE = timedelta(days=60)
EARLIER = timedelta(minutes=5)  # clocks differ


@dataclass(frozen=True)
class Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def new(cls, name: str) -> "Authority":
        key, called = ec.generate_private_key(ec.SECP256R1()), _called(name)
        built = _begun(called, called, key, AUTHORITY_FOR)
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        built = built.add_extension(_usage(signs=True), critical=True)
        built = built.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        return cls(built.sign(key, hashes.SHA256()), key)

    @classmethod
    def read(cls, pem: bytes) -> "Authority":
        """As `pem` has it. Raises ValueError."""
        key = serialization.load_pem_private_key(pem, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("the authority's key is of another kind")
        return cls(x509.load_pem_x509_certificate(pem), key)

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def pem(self) -> bytes:
        """With its key."""
        return self.certificate_pem + _key_pem(self.key)

    def server(self, *names: str) -> bytes:
        """A certificate for a server of these names or addresses, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        built = _begun(_called(names[0]), self.certificate.subject, key, SERVER_FOR)
        built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        built = built.add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        built = built.add_extension(_usage(signs=False), critical=True)
        by = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        built = built.add_extension(by, critical=False)
        return built.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + _key_pem(key)

    def has_made(self, pem: bytes, now: datetime) -> bool:
        """Whether this certificate is ours and lasts a while yet."""
        one = x509.load_pem_x509_certificate(pem)
        try:
            one.verify_directly_issued_by(self.certificate)
        except (InvalidSignature, ValueError):
            return False
        return one.not_valid_after_utc - now > RENEWED_BEFORE


def _begun(
    called: x509.Name, by: x509.Name, key: ec.EllipticCurvePrivateKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(called).issuer_name(by).public_key(key.public_key())
    built = built.serial_number(x509.random_serial_number())
    return built.not_valid_before(now - EARLIER).not_valid_after(now + lasts)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    kind, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, kind, plain)
