"""Sandbox of Shopify's GraphQL Admin API."""

from lockgate.connectors.rest.sandboxes.shopify.sandbox import Shopify

__all__ = ["SANDBOX", "Shopify"]

SANDBOX = Shopify
