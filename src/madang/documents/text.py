"""Writes a document as plain text: tables as tab-separated lines, one line for each paragraph."""

from madang.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Contents,
    Document,
    Heading,
    Paragraph,
    Table,
    Title,
    clean,
    closing,
    plain,
    word,
)


def write(document: Document) -> str:
    """Return the document as plain text, blocks separated by an empty line."""
    parts = [part for block in document.blocks if (part := _block(document, block))]
    parts += ["\n".join(closing(document))] if closing(document) else []
    return "\n\n".join(parts) + "\n"


def _block(document: Document, block: Block) -> str:
    if isinstance(block, Title):
        lines = (*block.above, document.title, document.subtitle, *block.below)
        return "\n".join(clean(line) for line in lines if line)
    if isinstance(block, Heading):
        return clean(block.text)
    if isinstance(block, Paragraph):
        return plain(block.inlines)
    if isinstance(block, Bullets):
        return "\n".join(f"{' ' * (item.level - 1)}{item.marker} {plain(item.inlines)}" for item in block.items)
    if isinstance(block, Callout):
        lines = (block.heading, *(plain(each) for each in block.paragraphs))
        return "\n".join(clean(line) for line in lines if line)
    if isinstance(block, Contents):
        return _contents(document)
    if isinstance(block, Table):
        return _table(block)
    return ""


def _contents(document: Document) -> str:
    headings = [block for block in document.blocks if isinstance(block, Heading) and block.level <= 2]
    lines = [f"{' ' * (heading.level - 1)}{clean(heading.text)}" for heading in headings]
    return "\n".join([word(document, "contents"), *lines])


def _table(table: Table) -> str:
    rows = ["\t".join(text.replace("\n", " ").replace("\t", " ") for text in row) for row in table.matrix()]
    lines = (clean(table.caption), clean(table.unit), *rows, *(plain(note) for note in table.footnotes))
    return "\n".join(line for line in lines if line)
