"""Operations beyond the engine's contract, one noun a module. Each is a method of the connector and marked with its effect."""

from lockgate.connectors.fourallportal.operations.channels import ChannelOperations
from lockgate.connectors.fourallportal.operations.history import HistoryOperations
from lockgate.connectors.fourallportal.operations.objects import ObjectOperations
from lockgate.connectors.fourallportal.operations.rehearsal import RehearsalOperations
from lockgate.connectors.fourallportal.operations.relations import RelationOperations
from lockgate.connectors.fourallportal.operations.structure import StructureOperations
from lockgate.connectors.fourallportal.operations.versions import VersionOperations

__all__ = [
    "ChannelOperations",
    "HistoryOperations",
    "ObjectOperations",
    "RehearsalOperations",
    "RelationOperations",
    "StructureOperations",
    "VersionOperations",
]
