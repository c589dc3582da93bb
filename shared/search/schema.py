"""What an index has of each entry, and how tantivy is told."""

from dataclasses import dataclass
from importlib.metadata import version

import tantivy

ID, VERSION, MEANING = "id", "version", "meaning"
FORMAT = 4  # raised when terms or fields are made in another way: an index of another format is built again


@dataclass(frozen=True)
class Fields:
    """`texts` are searched by words, `keywords` by their whole value, `numbers` (64 bits) by ranges, and sorted by. By
    likeness are searched `titles`, which are short, and `bodies`; of `facets`, which are keywords, values are counted.
    `by_meaning`: entries say what they mean (`Entry.meaning`)."""

    texts: tuple[str, ...]
    keywords: tuple[str, ...]
    numbers: tuple[str, ...]
    titles: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    by_meaning: bool = False

    @property
    def fingerprint(self) -> str:
        return f"{FORMAT} tantivy {version('tantivy')} {self!r}"

    def schema(self) -> tantivy.Schema:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field(ID, stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field(VERSION, fast=True)
        for name in self.texts:
            builder.add_text_field(name, tokenizer_name="whitespace")
        for name in (*self.titles, *self.bodies):
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        for name in self.keywords:
            is_counted = name in self.facets
            builder.add_text_field(name, fast=is_counted, tokenizer_name="raw", index_option="basic")
        for name in self.numbers:
            builder.add_integer_field(name, indexed=True, fast=True)
        if self.by_meaning:
            builder.add_integer_field(MEANING, indexed=True, fast=True)
        return builder.build()
