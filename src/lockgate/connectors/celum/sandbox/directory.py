"""What only is read: users, groups, roles, clients, and the definitions."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from lockgate.connectors.celum.sandbox import compounds
from lockgate.connectors.celum.sandbox.access import OIDC_CLIENT
from lockgate.connectors.celum.sandbox.call import Call, answer
from lockgate.connectors.celum.sandbox.definitions import FORMATS, Kind
from lockgate.connectors.celum.sandbox.errors import invalid, missing
from lockgate.connectors.celum.sandbox.records import USERS

VERSION = {"version": "6.19.1", "buildNumber": "1", "versionDate": "2026-01-01", "releaseVersion": "6.19"}
GROUPS = {60: {"id": 60, "externalId": "marketing", "name": "Marketing"}}
MEMBERS = {60: frozenset(USERS)}
ROLES = {70: {"id": 70, "name": {"en": "Editor"}, "description": {"en": ""}}}
ENTITIES = ("ASSET", "COLLECTION", "RELATION")


async def version(_: Call) -> Response:
    """GET /version"""
    return answer(VERSION)


async def me(call: Call) -> Response:
    """GET /users/me"""
    return answer(call.user.shown())


async def users(call: Call) -> Response:
    """GET /users: found by name, or those of a group"""
    wanted = [(call.text(name) or "").casefold() for name in ("username", "quickSearch")]
    names = {id: f"{user.username} {user.firstname} {user.lastname}".casefold() for id, user in USERS.items()}
    group = call.number("userGroupId")
    among = USERS.keys() if group is None else MEMBERS.get(group, frozenset())
    found = [user.shown() for id, user in USERS.items() if id in among and all(one in names[id] for one in wanted)]
    return answer(call.page().cut(found))


async def user(call: Call) -> Response:
    """GET /users/{userId}"""
    id = call.path_id("userId", "user")
    if id not in USERS:
        raise missing("user", id)
    return answer(USERS[id].shown())


async def groups(call: Call) -> Response:
    """GET /user-groups"""
    return answer(call.page().cut(list(GROUPS.values())))


async def group(call: Call) -> Response:
    """GET /user-groups/{userGroupId}"""
    return answer(_one(GROUPS, call.path_id("userGroupId", "userGroup"), "userGroup"))


async def roles(_: Call) -> Response:
    """GET /roles"""
    return answer(list(ROLES.values()))


async def role(call: Call) -> Response:
    """GET /roles/{roleId}"""
    return answer(_one(ROLES, call.path_id("roleId", "role"), "role"))


async def client(call: Call) -> Response:
    """GET /clients/{clientId}"""
    id = call.request.path_params["clientId"]
    if id != "default":
        raise missing("client", id)
    return answer(
        {
            "id": id,
            "clientId": id,
            "enabled": True,
            "licensed": True,
            "properties": {},
            "languages": {"system": "en", "informationFields": ["en", "de"]},
            "oauth2": {"url": call.tenant.url("/__oidc"), "clientId": OIDC_CLIENT},
        }
    )


async def asset_types(call: Call) -> Response:
    """GET /asset-types"""
    return answer(_all(call.tenant.definitions.asset_types))


async def asset_type(call: Call) -> Response:
    """GET /asset-types/{assetTypeId}"""
    return answer(_kind(call.tenant.definitions.asset_types, call.path_id("assetTypeId", "assetType"), "assetType"))


async def collection_types(call: Call) -> Response:
    """GET /collection-types"""
    return answer(_all(call.tenant.definitions.collection_types))


async def collection_type(call: Call) -> Response:
    """GET /collection-types/{collectionTypeId}"""
    id = call.path_id("collectionTypeId", "collectionType")
    return answer(_kind(call.tenant.definitions.collection_types, id, "collectionType"))


async def relation_types(call: Call) -> Response:
    """GET /relation-types: with their fields, as a client was seen to get them"""
    return answer([kind.shown() for kind in call.tenant.definitions.relation_types.values()])


async def relation_type(call: Call) -> Response:
    """GET /relation-types/{relationTypeId}"""
    id = call.path_id("relationTypeId", "relationType")
    return answer(_kind(call.tenant.definitions.relation_types, id, "relationType"))


async def compound_types(call: Call) -> Response:
    """GET /compound-types: none, unless the administrator makes one"""
    return answer([compounds.type_view(one) for one in compounds.types(call.tenant)])


async def compound_type(call: Call) -> Response:
    """GET /compound-types/{compoundTypeKey}"""
    return answer(
        compounds.described(call.tenant, call.request.path_params["compoundTypeKey"], call.flag("withElements"))
    )


async def information_fields(call: Call) -> Response:
    """GET /information-fields"""
    entity = call.text("entityType")
    if entity not in {None, *ENTITIES}:
        raise invalid("entityType", f"entityType must be one of {', '.join(ENTITIES)}")
    fields = call.tenant.definitions.fields.values()
    return answer([field.raw for field in fields if entity in {None, field.entity}])


async def download_formats(_: Call) -> Response:
    """GET /download-formats"""
    return answer(list(FORMATS.values()))


def _all(kinds: Mapping[int, Kind]) -> list[dict[str, Any]]:
    return [kind.listed() for kind in kinds.values()]


def _kind(kinds: Mapping[int, Kind], id: int, entity: str) -> dict[str, Any]:
    if id not in kinds:
        raise missing(entity, id)
    return kinds[id].shown()


def _one(known: Mapping[Any, Mapping[str, Any]], id: object, entity: str) -> Mapping[str, Any]:
    if id not in known:
        raise missing(entity, id)
    return known[id]
