"""Consonance's interfaces in their own words."""

from lockgate.connectors.consonance.client.graphql import GraphQLClient, Payload
from lockgate.connectors.consonance.client.live import LiveSchema, shipped
from lockgate.connectors.consonance.client.rest import RestReader

__all__ = ["GraphQLClient", "LiveSchema", "Payload", "RestReader", "shipped"]
