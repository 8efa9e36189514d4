"""JSON documents as rows: plain lists, Shopify products with variants, Akeneo products with values."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lockgate.kit.seed.tables.reading import BrokenTable, Row, text

Record = dict[str, Any]
LISTS = ("products", "items", "data", "results")
SAMPLE = 200
LANGUAGE = re.compile(r"[a-z]{2}([-_][A-Z]{2})?")


def records(document: Any) -> list[Record]:
    """The list of objects in a document. Raises BrokenTable when there is none."""
    if isinstance(document, dict):
        inner = document.get("_embedded")
        holder = inner if isinstance(inner, dict) else document
        document = next((holder[name] for name in LISTS if isinstance(holder.get(name), list)), None)
    if not isinstance(document, list) or not all(isinstance(record, dict) for record in document):
        raise BrokenTable("is JSON, but no list of records")
    return document


def rows(found: Sequence[Record]) -> Iterator[Row]:
    """A header, then a row for each record or variant."""
    flat = [part for record in found[:SAMPLE] for part in flattened(record)]
    header = list(dict.fromkeys(name for record in flat for name in record))
    yield header
    for record in found:
        for part in flattened(record):
            yield [text(part.get(name)) for name in header]


def flattened(record: Record) -> list[Record]:
    variants = record.get("variants")
    if isinstance(variants, list) and variants and all(isinstance(variant, dict) for variant in variants):
        return [{**shared(record), **variant_of(variant)} for variant in variants]
    values = record.get("values")
    if isinstance(values, dict):
        return [{**shared(record), **localised(values)}]
    return [by_language(record)]


def by_language(record: Record) -> Record:
    """`{"name": {"de": "Jacke"}}` as columns `name-de`."""
    flat: Record = {}
    for name, value in record.items():
        if isinstance(value, dict) and value and all(LANGUAGE.fullmatch(key) for key in value):
            flat |= {f"{name}-{language}": words for language, words in value.items()}
        else:
            flat[name] = value
    return flat


def shared(record: Record) -> Record:
    return {name: value for name, value in record.items() if name not in {"variants", "values", "id"}}


def variant_of(variant: Record) -> Record:
    """What a variant says of itself; its title ("Red / M") is no product name."""
    return {name: value for name, value in variant.items() if name in {"sku", "barcode", "price", "gtin", "ean", "upc"}}


def localised(values: Record) -> Record:
    """`{"name": [{"locale": "de_DE", "data": "Jacke"}]}` as columns `name-de_DE`."""
    found: Record = {}
    for name, entries in values.items():
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict):
                locale = entry.get("locale")
                data = entry.get("data")
                amount = data[0] if name == "price" and isinstance(data, list) and data else data
                found.setdefault(f"{name}-{locale}" if locale else name, amount)
    return found
