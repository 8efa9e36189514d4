"""Giving binaries out: links that open for an hour, renditions made when they are first wanted, ZIPs of several, previews."""

import asyncio
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lockgate.connectors.celum.sandbox.call import Call, answer
from lockgate.connectors.celum.sandbox.definitions import ORIGINAL, PDF
from lockgate.connectors.celum.sandbox.errors import forbidden, invalid, missing
from lockgate.connectors.celum.sandbox.files import LONGEST, formats_of, media_type_of, name_of
from lockgate.connectors.celum.sandbox.previews import LONGEST as PREVIEW_LONGEST
from lockgate.connectors.celum.sandbox.records import Version
from lockgate.connectors.celum.sandbox.tenant import Tenant
from lockgate.kit.sandbox import file_response
from lockgate.kit.sandbox.renditions import CannotRender, render

ZIP = "assets.zip"
Member = tuple[int, int]
"""One file of a download: version and format."""


class Bundle(msgspec.Struct):
    """Several files that are downloaded as one ZIP."""

    id: str
    members: list[Member]
    digest: str | None = None


async def download_one(call: Call) -> Response:
    """GET /assets/{assetId}/download"""
    entry = call.tenant.catalog.get(call.path_id("assetId", "asset"))
    format = call.needed("downloadFormatId")
    version_id = call.number("versionId")
    version = entry.version if version_id is None else call.tenant.catalog.version_of(entry.asset.id, version_id)
    return answer(await link(call.tenant, [await _member(call.tenant, version, format)]))


async def download_several(call: Call) -> Response:
    """GET /assets/download"""
    ids = list(dict.fromkeys(call.numbers("assetIds")))
    format = call.needed("downloadFormatId")
    if not ids:
        raise invalid("assetIds", "assetIds is required")
    versions = [call.tenant.catalog.get(id).version for id in ids]
    return answer(await link(call.tenant, [await _member(call.tenant, version, format) for version in versions]))


async def link(tenant: Tenant, members: Sequence[Member]) -> dict[str, str]:
    """An address for one file, or for the ZIP of several, with the name to save it under."""
    if len(members) == 1:
        version, format = members[0]
        token, filename = tenant.links.seal("d", version, format), name_of(tenant.catalog.version(version), format)
    else:
        bundle = Bundle(uuid4().hex, list(members))
        tenant.store.put("bundle", bundle.id, msgspec.to_builtins(bundle))
        token, filename = tenant.links.seal("b", bundle.id), ZIP
    return {"url": tenant.url(f"/__files/download/{token}"), "filename": filename}


async def _member(tenant: Tenant, version: Version, format: int) -> Member:
    """The file wanted, if the asset has such a format and it can be made."""
    if format not in formats_of(version):
        raise forbidden(f"Download format {format} is not allowed for asset {version.asset_id}")
    try:
        await file_of(tenant, version, format)
    except CannotRender as problem:
        raise forbidden(
            f"Download format {format} of asset {version.asset_id} could not be produced: {problem}"
        ) from problem
    return version.id, format


async def download(tenant: Tenant, request: Request) -> Response:
    """GET /__files/download/{token}"""
    match tenant.links.open(request.path_params["token"]):
        case ["d", version_id, format]:
            version = tenant.catalog.version(int(version_id))
            path, name = await file_of(tenant, version, int(format)), name_of(version, int(format))
        case ["b", bundle_id]:
            path, name = await _zip(tenant, bundle_id), ZIP
        case _:
            raise forbidden("The link is not one of a download")
    return file_response(path, name, media_type_of(name), request)


async def preview(tenant: Tenant, request: Request) -> Response:
    """GET /__files/preview/{token}"""
    match tenant.links.open(request.path_params["token"]):
        case ["p", version_id, kind]:
            version = tenant.catalog.version(int(version_id))
        case _:
            raise forbidden("The link is not one of a preview")
    if kind not in PREVIEW_LONGEST:  # the preview of a film or a sound is the thing itself
        return file_response(_original(tenant, version), version.filename, media_type_of(version.filename), request)
    try:
        path = await _picture(tenant, version, PREVIEW_LONGEST[kind])
    except CannotRender as problem:
        raise missing("preview", version.id) from problem
    return file_response(path, f"{Path(version.filename).stem}_{kind.lower()}.jpg", "image/jpeg", request)


async def file_of(tenant: Tenant, version: Version, format: int) -> Path:
    """Where the file of a format lies; made now if it was never wanted before. CannotRender when that is impossible."""
    if format == ORIGINAL:
        return _original(tenant, version)
    if format == PDF:
        if version.extension != "pdf":
            raise CannotRender(f"{version.filename} cannot be converted to PDF here.")
        return _original(tenant, version)
    return await _rendition(
        tenant, _original(tenant, version), media_type_of(version.filename), LONGEST[format], version
    )


async def _picture(tenant: Tenant, version: Version, longest: int) -> Path:
    """The preview picture: of the file, or of what was uploaded to stand in for it."""
    if version.alternative is not None:
        source = tenant.store.blob_path(version.alternative)
        return await _rendition(tenant, source, "image/any", longest, version)
    return await _rendition(tenant, _original(tenant, version), media_type_of(version.filename), longest, version)


async def _rendition(tenant: Tenant, source: Path, media_type: str, longest: int, version: Version) -> Path:
    """A JPEG of `source`, made once for every file with the same bytes."""
    key = f"{version.alternative if media_type == 'image/any' else version.checksum}-{longest}"
    made = tenant.store.get("rendition", key)
    if made is None:
        picture = await render(source, media_type, longest)
        made = {"digest": tenant.store.blob_put(picture)}
        tenant.store.put("rendition", key, made)
    return tenant.store.blob_path(made["digest"])


def _original(tenant: Tenant, version: Version) -> Path:
    path = Path(version.path) if version.path is not None else tenant.store.blob_path(version.digest or "none")
    if not path.is_file():
        raise missing("file", version.filename)
    return path


async def _zip(tenant: Tenant, id: str) -> Path:
    """The ZIP of a bundle, written when it is first fetched."""
    doc = tenant.store.get("bundle", id)
    if doc is None:
        raise missing("download", id)
    bundle = msgspec.convert(doc, Bundle)
    if bundle.digest is None:
        versions = [(tenant.catalog.version(version), format) for version, format in bundle.members]
        files = [(name_of(version, format), await file_of(tenant, version, format)) for version, format in versions]
        spool = tenant.store.spool / uuid4().hex
        await asyncio.to_thread(_write_zip, spool, files)
        bundle.digest = tenant.store.blob_put(spool, move=True)
        tenant.store.put("bundle", id, msgspec.to_builtins(bundle))
    return tenant.store.blob_path(bundle.digest)


def _write_zip(target: Path, files: Sequence[tuple[str, Path]]) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for name, (_, path) in zip(_unlike(name for name, _ in files), files, strict=True):
            archive.write(path, name)


def _unlike(names: Iterator[str]) -> Iterator[str]:
    """The names, each once: a second `hero.jpg` becomes `hero (2).jpg`."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        path = Path(name)
        yield name if seen[name] == 1 else f"{path.stem} ({seen[name]}){path.suffix}"
