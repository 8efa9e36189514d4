"""The routes of Content Server's REST API as its minimal contract lists them, and who answers which."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.responses import Response

from . import business, categories, creating, documents, info, nodes, workspaces
from .call import Call

Handler = Callable[[Call], Awaitable[Response]]

NODE = "/v2/nodes/{id}"
BWS = "/v2/businessworkspaces"

# The first that matches answers.
ROUTES: Mapping[str, Handler] = {
    "GET /v1/serverinfo": info.server,
    "GET /v2/volumes": info.volumes,
    "GET /v2/volumes/{type}": info.volume,
    "GET /v2/members": info.members,
    "GET /v2/members/{id}": info.member,
    "GET /v2/members/{id}/members": info.members_of,
    "GET /v1/members/{id}": info.member_v1,
    "POST /v2/nodes": nodes.create,
    "POST /v2/nodes/list": nodes.many,
    "POST /v2/nodes/actions": nodes.menu,
    f"GET {NODE}": nodes.read,
    f"PUT {NODE}": nodes.update,
    f"DELETE {NODE}": nodes.delete,
    f"GET {NODE}/nodes": nodes.children,
    f"PUT {NODE}/nicknames": nodes.set_nickname,
    "GET /v2/nicknames/{nick}/nodes": nodes.by_nickname,
    "GET /v2/uniquenames": nodes.unique_names,
    "POST /v1/validation/nodes/names": nodes.validate_names,
    "GET /v1/nodes/{id}/ancestors": nodes.ancestors,
    "POST /v2/nodes/{id}/versions": documents.add_version,
    "GET /v2/nodes/{id}/versions": documents.versions,
    "DELETE /v2/nodes/{id}/versions": documents.purge,
    "GET /v1/nodes/{id}/versions/latest": documents.latest,
    "GET /v2/nodes/{id}/versions/{number}": documents.version,
    "DELETE /v2/nodes/{id}/versions/{number}": documents.delete_version,
    "GET /v1/nodes/{id}/content": documents.content_v1,
    "GET /v2/nodes/{id}/content": documents.content,
    "GET /v2/nodes/{id}/versions/{number}/content": documents.version_content,
    f"GET {NODE}/categories": categories.all_of,
    f"POST {NODE}/categories": categories.add,
    f"POST {NODE}/categories/apply": categories.apply,
    f"GET {NODE}/categories/{{category}}": categories.one,
    f"PUT {NODE}/categories/{{category}}": categories.change,
    f"DELETE {NODE}/categories/{{category}}": categories.remove,
    f"POST {NODE}/categories/{{category}}/inheritance": categories.hand_down,
    f"DELETE {NODE}/categories/{{category}}/inheritance": categories.keep_back,
    "GET /v1/nodes/{id}/categories": categories.names,
    "GET /v1/forms/nodes/categories/update": categories.update_form,
    "GET /v1/forms/nodes/categories/create": categories.create_form,
    "GET /v2/businessworkspacetypes": business.list_types,
    "GET /v1/businessworkspacetypes/{id}": business.one_type,
    "GET /v1/nodes/{id}/businessworkspacetypes": business.types_at,
    "GET /v2/businessobjecttypes": business.list_object_types,
    "GET /v2/externalsystems": business.list_systems,
    "POST /v2/externalsystems": business.make_system,
    "GET /v2/externalsystems/{system}/config": business.one_system,
    "GET /v2/externalsystems/{system}/botypes/{bo_type}": business.one_object_type,
    "GET /v2/externalsystems/{system}/botypes/{bo_type}/boids/{bo_id}": workspaces.lookup,
    f"GET {BWS}": workspaces.search,
    f"POST {BWS}": creating.create,
    f"PUT {BWS}": creating.bulk,
    f"GET {BWS}/{{id}}": workspaces.read,
    f"PUT {BWS}/{{id}}/workspacereferences": creating.set_reference,
    f"DELETE {BWS}/{{id}}/workspacereferences": creating.drop_reference,
    f"GET {BWS}/{{id}}/doctypes": business.document_types,
    "GET /v2/forms/businessworkspaces/create": creating.form,
    "GET /v1/nodes/{id}/businessworkspace": workspaces.enclosing,
}
