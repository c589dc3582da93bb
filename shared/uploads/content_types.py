"""What a file is, by how it begins; its name must not say something else."""

from enum import StrEnum
from typing import NamedTuple

from shared.domain import Invalid
from shared.terms import Text

READ = 4096  # bytes of the beginning that are looked at
UNKNOWN = "application/octet-stream"


class Family(StrEnum):
    IMAGE = "image"
    PDF = "pdf"
    ZIP = "zip"
    COMPOUND = "compound"  # older Office files, and newer ones with a password
    GZIP = "gzip"
    ARCHIVE = "archive"
    PROGRAM = "program"
    MARKUP = "markup"
    TEXT = "text"
    OTHER = "other"


class Content(NamedTuple):
    media_type: str
    family: Family


class WrongContent(Invalid):
    title = Text("The file is not what its name says", "文件内容与文件名不符")


OTHER = Content(UNKNOWN, Family.OTHER)
PROGRAM = Content("application/x-executable", Family.PROGRAM)
SIGNATURES: tuple[tuple[int, bytes, Content], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", Content("image/png", Family.IMAGE)),
    (0, b"\xff\xd8\xff", Content("image/jpeg", Family.IMAGE)),
    (0, b"GIF87a", Content("image/gif", Family.IMAGE)),
    (0, b"GIF89a", Content("image/gif", Family.IMAGE)),
    (8, b"WEBP", Content("image/webp", Family.IMAGE)),
    (0, b"II*\0", Content("image/tiff", Family.IMAGE)),
    (0, b"MM\0*", Content("image/tiff", Family.IMAGE)),
    (4, b"ftypheic", Content("image/heic", Family.IMAGE)),
    (4, b"ftypmif1", Content("image/heic", Family.IMAGE)),
    (0, b"%PDF-", Content("application/pdf", Family.PDF)),
    (0, b"PK\x03\x04", Content("application/zip", Family.ZIP)),
    (0, b"PK\x05\x06", Content("application/zip", Family.ZIP)),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Content("application/x-ole-storage", Family.COMPOUND)),
    (0, b"\x1f\x8b\x08", Content("application/gzip", Family.GZIP)),
    (0, b"7z\xbc\xaf\x27\x1c", Content("application/x-7z-compressed", Family.ARCHIVE)),
    (0, b"Rar!\x1a\x07", Content("application/vnd.rar", Family.ARCHIVE)),
    (0, b"BZh", Content("application/x-bzip2", Family.ARCHIVE)),
    (0, b"\xfd7zXZ\0", Content("application/x-xz", Family.ARCHIVE)),
    (257, b"ustar", Content("application/x-tar", Family.ARCHIVE)),
    (0, b"\x7fELF", PROGRAM),
    (0, b"\xca\xfe\xba\xbe", PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", PROGRAM),
)
MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml")
OFFICE = {
    f"{kind}x": f"application/vnd.openxmlformats-officedocument.{rest}"
    for kind, rest in (
        ("doc", "wordprocessingml.document"),
        ("xls", "spreadsheetml.sheet"),
        ("ppt", "presentationml.presentation"),
    )
}
WRITTEN = frozenset({Family.TEXT, Family.MARKUP, Family.OTHER})  # OTHER: in an encoding that we do not know


def _each(endings: str, *families: Family) -> dict[str, frozenset[Family]]:
    return dict.fromkeys(endings.split(), frozenset(families))


# What files of these names may be; any other name may have any content but a program.
MAY_BE: dict[str, frozenset[Family]] = {
    **_each("png jpg jpeg gif webp tif tiff heic heif", Family.IMAGE),
    **_each("pdf", Family.PDF),
    **_each("docx xlsx pptx", Family.ZIP, Family.COMPOUND),
    **_each("doc xls ppt", Family.COMPOUND, *WRITTEN),  # many programs call their HTML so
    **_each("zip jar war odt ods odp", Family.ZIP),
    **_each("gz gzip tgz", Family.GZIP),
    **_each("7z rar bz2 tbz2 xz txz tar", Family.ARCHIVE),
    **_each("log txt out err trace csv tsv md json yaml yml ini conf cfg properties sql xml html htm svg", *WRITTEN),
    **_each("exe dll com sys msi so dylib bin elf class", *Family),
}
SAID = {
    Family.IMAGE: Text("a picture", "图片"),
    Family.PDF: Text("a PDF document", "PDF 文档"),
    Family.ZIP: Text("a zip archive", "ZIP 压缩包"),
    Family.COMPOUND: Text("an Office document", "Office 文档"),
    Family.GZIP: Text("packed with gzip", "GZIP 压缩文件"),
    Family.ARCHIVE: Text("an archive", "压缩包"),
    Family.PROGRAM: Text("a program", "可执行程序"),
    Family.MARKUP: Text("a web page", "网页"),
    Family.TEXT: Text("text", "文本"),
    Family.OTHER: Text("something else", "其他内容"),
}


def content_of(head: bytes) -> Content:
    head = head[:READ]
    found = next((one for at, sign, one in SIGNATURES if head[at : at + len(sign)] == sign), None)
    if found:
        return found
    if head.startswith(b"MZ"):
        return PROGRAM if b"PE\0\0" in head or b"\0" in head[:64] else OTHER
    if b"\0" in head:
        return OTHER
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if begin.startswith(MARKUP):
        is_svg = b"<svg" in head.lower()
        is_xml = begin.startswith(b"<?xml")
        return Content("image/svg+xml" if is_svg else "application/xml" if is_xml else "text/html", Family.MARKUP)
    return Content("text/plain", Family.TEXT)


def media_type_of(name: str, head: bytes) -> str:
    """What its content is. Raises WrongContent where its name says something else."""
    content, ending = content_of(head), ending_of(name)
    allowed = MAY_BE.get(ending, frozenset(Family) - {Family.PROGRAM})
    if content.family not in allowed:
        said = SAID[content.family]
        raise WrongContent(
            f"{name}: the content is {said.en}; please give the file the name that belongs to it",
            f"{name}：实际内容为{said.zh}，请更正文件扩展名后重新上传",
            "body.file",
        )
    return OFFICE.get(ending, content.media_type) if content.family is Family.ZIP else content.media_type


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
