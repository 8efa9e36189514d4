"""What the connector can do beyond source and target, for processes: team, folders, workflows, permissions, records.

Each group is a part of the connector's class and works over its client.
"""

from lockgate.connectors.opentext.operations.categories import CategoryOperations
from lockgate.connectors.opentext.operations.content import ContentOperations
from lockgate.connectors.opentext.operations.permissions import PermissionOperations
from lockgate.connectors.opentext.operations.records import RecordOperations
from lockgate.connectors.opentext.operations.reports import ReportOperations
from lockgate.connectors.opentext.operations.retention import RetentionOperations
from lockgate.connectors.opentext.operations.team import TeamOperations
from lockgate.connectors.opentext.operations.tracing import TracingOperations
from lockgate.connectors.opentext.operations.versions import VersionOperations
from lockgate.connectors.opentext.operations.workflows import WorkflowOperations
from lockgate.connectors.opentext.operations.workspaces import WorkspaceOperations

__all__ = [
    "CategoryOperations",
    "ContentOperations",
    "PermissionOperations",
    "RecordOperations",
    "ReportOperations",
    "RetentionOperations",
    "TeamOperations",
    "TracingOperations",
    "VersionOperations",
    "WorkflowOperations",
    "WorkspaceOperations",
]
