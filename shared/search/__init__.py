"""Full-text search in Chinese and English over what a service keeps, by an index of each replica's own."""

from shared.search.common import common_words as common_words
from shared.search.embedder import Embedder as Embedder
from shared.search.entries import Entry as Entry
from shared.search.entries import Wanted as Wanted
from shared.search.folder import Folder as Folder
from shared.search.follower import Follower as Follower
from shared.search.follower import Source as Source
from shared.search.generations import Generations as Generations
from shared.search.index import Broken as Broken
from shared.search.index import Index as Index
from shared.search.likeness import Question as Question
from shared.search.likest import Alike as Alike
from shared.search.meanings import Meanings as Meanings
from shared.search.schema import Fields as Fields
from shared.search.snippets import Snippet as Snippet
from shared.search.snippets import snippet as snippet
from shared.search.words import Word as Word
from shared.search.words import words_of as words_of
