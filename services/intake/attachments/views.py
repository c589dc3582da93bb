"""What people see of files and of what is in them."""

from services.intake.attachments.archives import Archive
from shared.http import View


class ArchiveEntryView(View):
    path: str
    """As the archive names it, up to 500 characters"""
    size: int
    """In bytes, as the archive says"""
    packed: int | None
    """What it takes in the archive, in bytes; null where that is not said"""
    folder: bool
    """Whether it is a folder"""
    encrypted: bool
    """Whether it needs a password"""
    nested: bool
    """Whether it is an archive itself, by its name"""
    escapes: bool
    """Whether its path leads outside of the folder in which it is unpacked"""


class ArchiveView(View):
    """What an archive says of itself. Nothing is unpacked, so nothing of it is proven."""

    format: str
    """`zip`, `tar`, `tar.gz` or `gzip`"""
    entries: list[ArchiveEntryView]
    """The first 1,000"""
    complete: bool
    """Whether these are all"""
    size: int
    """Of these entries together, in bytes"""
    ratio: float
    """How many times that is the archive's own size; above 100 it may be made to fill disks"""
    encrypted: bool
    """Whether any of them needs a password"""
    nested: bool
    """Whether any of them is an archive itself"""

    @classmethod
    def of(cls, archive: Archive, size: int) -> "ArchiveView":
        entries = archive.listing.entries
        whole = sum(one.size for one in entries)
        return cls(
            format=archive.format,
            entries=[ArchiveEntryView.model_validate(one) for one in entries],
            complete=archive.listing.complete,
            size=whole,
            ratio=round(whole / max(1, size), 1),
            encrypted=any(one.encrypted for one in entries),
            nested=any(one.nested for one in entries),
        )
