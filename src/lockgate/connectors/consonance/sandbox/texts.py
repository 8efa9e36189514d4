"""Texts as Consonance keeps them: Markdown goes in, HTML or plain text comes out."""

import html
import re

from markdown_it import MarkdownIt

TAG = re.compile(r"<[^>]+>")
MARKDOWN = MarkdownIt("commonmark", {"html": True})


def as_html(markdown: str | None) -> str:
    return str(MARKDOWN.render(markdown)).strip() if markdown else ""


def plain(markdown: str | None) -> str:
    """Without any markup, as it is counted."""
    return html.unescape(TAG.sub("", as_html(markdown))).strip()
