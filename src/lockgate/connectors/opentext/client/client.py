"""All calls of one server."""

from lockgate.connectors.opentext.client.nodes import NodeCalls
from lockgate.connectors.opentext.client.records import RecordCalls
from lockgate.connectors.opentext.client.workflows import WorkflowCalls
from lockgate.connectors.opentext.client.workspaces import WorkspaceCalls


class OtcsClient(NodeCalls, WorkspaceCalls, WorkflowCalls, RecordCalls):
    """Content Server as one signed-in user sees it."""
