"""Operations beyond the engine's contract, one noun a module. Each is a method of the connector and marked with its effect."""

from lockgate.connectors.celum.operations.collections import CollectionOperations
from lockgate.connectors.celum.operations.compounds import CompoundOperations
from lockgate.connectors.celum.operations.configuration import ConfigurationOperations
from lockgate.connectors.celum.operations.downloads import DownloadOperations
from lockgate.connectors.celum.operations.metadata import MetadataOperations
from lockgate.connectors.celum.operations.relations import RelationOperations
from lockgate.connectors.celum.operations.roles import RoleOperations
from lockgate.connectors.celum.operations.states import StateOperations
from lockgate.connectors.celum.operations.usage import UsageOperations
from lockgate.connectors.celum.operations.versions import VersionOperations

__all__ = [
    "CollectionOperations",
    "CompoundOperations",
    "ConfigurationOperations",
    "DownloadOperations",
    "MetadataOperations",
    "RelationOperations",
    "RoleOperations",
    "StateOperations",
    "UsageOperations",
    "VersionOperations",
]
