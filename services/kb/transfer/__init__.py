"""Articles from elsewhere, and out again: folders of Markdown, exports of other desks, a static site."""
