"""Consonance's records → our items. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from lockgate.connectors.consonance.mapping.common import Frame, revision
from lockgate.connectors.consonance.mapping.image import copies, image_items
from lockgate.connectors.consonance.mapping.product import product_item
from lockgate.connectors.consonance.mapping.rest import rest_item
from lockgate.connectors.consonance.mapping.task import task_item
from lockgate.connectors.consonance.mapping.text import text_items
from lockgate.connectors.consonance.mapping.work import work_item
from lockgate.model.item import Item

ITEMS: Mapping[str, Callable[[dict[str, Any], Frame], list[Item]]] = {
    "product": lambda record, frame: [product_item(record, frame)],
    "work": lambda record, frame: [work_item(record, frame)],
    "asset": image_items,
    "text": text_items,
    "task": lambda record, frame: [task_item(record, frame)],
}
"""What the record of a kind becomes; a work's record holds all its images and texts."""

__all__ = ["ITEMS", "Frame", "copies", "rest_item", "revision"]
