"""Documents: uploads, versions, content."""

import mimetypes
from pathlib import Path

from starlette.responses import Response

from lockgate.kit.sandbox import file_response

from . import applying
from .call import Call
from .errors import bad, failed
from .making_nodes import CREATE, EXTERNAL, checked_name, classify, make
from .multipart import Given, given
from .records import DOCUMENT, Node, Version
from .rights import Rights
from .tenant import Tenant
from .views import properties, version_view

VERSION_ADDED, VERSION_OPENED = 11, 14
LONGEST_DESCRIPTION = 255


async def create(call: Call, parent: Node) -> Node:
    """A new document with its file."""
    file = given(call)
    name = checked_name(call.get("name", file.file_name))
    tenant = call.tenant
    node = make(tenant, parent, DOCUMENT, name, call.user, said=call.sent)
    roles = call.mapping("roles")
    applying.fill(tenant, node, roles.get("categories") or {})
    classify(node, roles)
    _append(call, node, file).description = ""
    with tenant.store.transaction():
        tenant.put(node)
        tenant.note(node.id, CREATE, call.user)
    return node


def _append(call: Call, node: Node, file: Given) -> Version:
    """The uploaded bytes as a new version, with what the call says of it."""
    version = _version(call.tenant, node, file.file_name or node.name, file.mime_type, file.size, call.user)
    version.digest, version.description = file.digest, call.text("description")
    if node.advanced_versioning:
        last = node.versions[-2] if len(node.versions) > 1 else version
        major = call.flag("add_major_version")
        version.major, version.minor = last.major + major, 0 if major else (last.minor or 0) + 1
    version.external = {key: call.sent[key] for key in EXTERNAL if call.get(key) is not None}
    return version


def store_version(
    tenant: Tenant, node: Node, source: Path | bytes, filename: str, by: int, *, keep: bool = True
) -> Version:
    """A new version from a file or from bytes; without `keep` the file is only referred to where it lies."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    version = _version(tenant, node, filename, "", size, by)
    if keep or isinstance(source, bytes):
        version.digest = tenant.store.blob_put(source)
    else:
        version.path = str(source)
    return version


def _version(tenant: Tenant, node: Node, filename: str, media_type: str, size: int, by: int) -> Version:
    node.last_version += 1
    version = Version(
        id=tenant.next_id(),
        number=node.last_version,
        file_name=filename,
        size=size,
        mime_type=media_type or mimetypes.guess_type(filename)[0] or "application/octet-stream",
        created=tenant.now(),
        by=by,
    )
    node.versions.append(version)
    return version


async def add_version(call: Call) -> Response:
    tenant, rights = call.tenant, Rights(call.tenant, call.user)
    node = rights.visible(call.id())
    rights.demand(node, "modify")
    if node.type != DOCUMENT:
        raise bad("The item cannot have versions")
    if node.reserved_by not in {None, call.user}:
        raise bad("The item is reserved by another user.")
    if node.record is not None and node.record.official:
        raise failed("The item is an official record and cannot be changed.")
    if len(call.text("description")) > LONGEST_DESCRIPTION:
        raise bad(f"The description may have {LONGEST_DESCRIPTION} characters at most")
    version = _append(call, node, given(call))
    with tenant.store.transaction():
        tenant.save(node, call.user)
        tenant.note(node.id, VERSION_ADDED, call.user)
    data = {"properties": properties(tenant, node), "versions": version_view(node, version)}
    return call.results({"data": data})


async def versions(call: Call) -> Response:
    """One entry for each version, the oldest first unless asked otherwise."""
    node = Rights(call.tenant, call.user).visible(call.id())
    ordered = node.versions[::-1] if call.text("order") == "desc" else node.versions
    shown = call.page().cut(ordered)
    return call.results([{"data": {"versions": version_view(node, one)}} for one in shown])


async def version(call: Call) -> Response:
    node = Rights(call.tenant, call.user).visible(call.id())
    return call.results({"data": {"versions": version_view(node, numbered(node, call.id("number")))}})


async def latest(call: Call) -> Response:
    node = Rights(call.tenant, call.user).visible(call.id())
    return call.answer({"data": version_view(node, _newest(node))})


async def purge(call: Call) -> Response:
    """Keep the newest versions only; locked ones stay."""
    tenant, rights = call.tenant, Rights(call.tenant, call.user)
    node = rights.visible(call.id())
    rights.demand(node, "delete_versions")
    keep = call.number("number_to_keep")
    if keep is not None and keep < 1:
        raise failed("Invalid value for NumberToKeep")
    newest = {one.id for one in node.versions[-(keep or 1) :]}
    node.versions = [one for one in node.versions if one.id in newest or one.locked]
    tenant.save(node, call.user)
    return call.done()


async def delete_version(call: Call) -> Response:
    tenant, rights = call.tenant, Rights(call.tenant, call.user)
    node = rights.visible(call.id())
    rights.demand(node, "delete_versions")
    gone = numbered(node, call.id("number"))
    if gone.locked or len(node.versions) == 1:
        raise failed("The version cannot be deleted.")
    node.versions = [one for one in node.versions if one.id != gone.id]
    tenant.save(node, call.user)
    return call.done()


async def content(call: Call) -> Response:
    """The newest version's bytes."""
    node = Rights(call.tenant, call.user).visible(call.id())
    return _bytes(call, node, _newest(node))


async def content_v1(call: Call) -> Response:
    """As v2, but an item that is not there is answered otherwise."""
    node = call.tenant.find(call.id())
    if node is None or not Rights(call.tenant, call.user).sees(node) or node.current is None:
        raise failed(f"Could not locate node: {call.id()}")
    return _bytes(call, node, node.current, octets=call.text("action") == "download")


async def version_content(call: Call) -> Response:
    node = Rights(call.tenant, call.user).visible(call.id())
    return _bytes(call, node, numbered(node, call.id("number")))


def _bytes(call: Call, node: Node, version: Version, *, octets: bool = False) -> Response:
    Rights(call.tenant, call.user).demand(node, "see_contents")
    path = call.tenant.path_of(version)
    kind = "application/octet-stream" if octets else version.mime_type
    return file_response(path, version.file_name, kind, call.request)


def _newest(node: Node) -> Version:
    if node.current is None:
        raise bad("The item has no versions")
    return node.current


def numbered(node: Node, number: int) -> Version:
    found = next((one for one in node.versions if one.number == number), None)
    if found is None:
        raise bad(f"Version {number} of item {node.id} does not exist")
    return found
