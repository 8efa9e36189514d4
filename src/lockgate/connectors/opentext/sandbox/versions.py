"""Single versions of a document: described, locked, promoted, and their renditions."""

from typing import Any

from starlette.responses import Response

from lockgate.kit.sandbox import file_response

from .call import Call
from .documents import numbered
from .errors import bad, failed, missing
from .multipart import given
from .records import Node, Rendition, Version
from .rights import Rights
from .views import version_view


def _found(call: Call, right: str | None = None) -> tuple[Node, Version]:
    """The version of the path. Calls about single versions answer 500 for what is not there."""
    rights = Rights(call.tenant, call.user)
    node = rights.visible(call.id(), 500)
    if right is not None:
        rights.demand(node, right)
    return node, numbered(node, call.id("number"))


def _kept(call: Call, node: Node, version: Version) -> Response:
    call.tenant.save(node, call.user)
    return call.results({"data": {"versions": version_view(node, version)}})


async def describe(call: Call) -> Response:
    node, version = _found(call, "modify")
    if version.locked:
        raise failed("The version is locked and cannot be changed.")
    version.description = call.text("description", version.description)
    return _kept(call, node, version)


async def lock(call: Call) -> Response:
    """A locked version cannot be changed or deleted; the rest of the item can."""
    node, version = _found(call, "modify")
    version.locked = True
    return _kept(call, node, version)


async def unlock(call: Call) -> Response:
    node, version = _found(call, "modify")
    version.locked = False
    return _kept(call, node, version)


async def promote(call: Call) -> Response:
    """To the next major version, where the item counts major and minor ones."""
    node, version = _found(call, "add_major_version")
    if not node.advanced_versioning:
        raise failed(f"You cannot promote a version for {node.name} which is using standard versioning")
    version.major, version.minor = 1 + max(one.major for one in node.versions), 0
    version.description = call.text("description", version.description)
    return _kept(call, node, version)


# --- renditions ---


async def renditions(call: Call) -> Response:
    """All of a version, or the one of a type: then an object instead of a list."""
    _, version = _found(call)
    if kind := call.text("rendition_type"):
        return call.results({"data": _shown(version, _of_type(version, kind))})
    return call.results({"data": [_shown(version, one) for one in version.renditions]})


async def add_rendition(call: Call) -> Response:
    node, version = _found(call, "modify")
    if not (kind := call.text("rendition_type")):
        raise missing("rendition_type")
    file = given(call)
    made = Rendition(
        id=call.tenant.next_id(),
        type=kind,
        file_name=file.file_name,
        mime_type=file.mime_type,
        size=file.size,
        digest=file.digest,
        created=call.tenant.now(),
    )
    version.renditions = [*(one for one in version.renditions if one.type != kind), made]
    call.tenant.save(node, call.user)
    return call.results({"data": [_shown(version, made)]})


async def rendition_content(call: Call) -> Response:
    node, version = _found(call)
    if not (kind := call.text("rendition_type")):
        raise bad("Argument 'rendition_type' is required.")
    Rights(call.tenant, call.user).demand(node, "see_contents")
    found = _of_type(version, kind)
    return file_response(call.tenant.store.blob_path(found.digest), found.file_name, found.mime_type, call.request)


def _of_type(version: Version, kind: str) -> Rendition:
    found = next((one for one in version.renditions if one.type == kind), None)
    if found is None:
        raise failed("Unable to get node rendition")
    return found


def _shown(version: Version, one: Rendition) -> dict[str, Any]:
    return {
        "create_date": one.created,
        "file_create_date": one.created,
        "file_modify_date": one.created,
        "file_name": one.file_name,
        "file_size": one.size,
        "file_type": one.file_name.rpartition(".")[2],
        "id": one.id,
        "mime_type": one.mime_type,
        "modify_date": one.created,
        "owner_id": version.by,
        "rendition_type": one.type,
        "version_number": version.number,
        "version_number_name": str(version.number),
    }
