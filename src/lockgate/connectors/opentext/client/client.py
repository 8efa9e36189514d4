"""All calls of one server."""

from lockgate.connectors.opentext.client.categories import CategoryCalls
from lockgate.connectors.opentext.client.content import ContentCalls
from lockgate.connectors.opentext.client.permissions import PermissionCalls
from lockgate.connectors.opentext.client.records import RecordCalls
from lockgate.connectors.opentext.client.reports import ReportCalls
from lockgate.connectors.opentext.client.workflows import WorkflowCalls
from lockgate.connectors.opentext.client.workspaces import WorkspaceCalls


class OtcsClient(PermissionCalls, ContentCalls, CategoryCalls, WorkspaceCalls, WorkflowCalls, RecordCalls, ReportCalls):
    """Content Server as one signed-in user sees it."""
