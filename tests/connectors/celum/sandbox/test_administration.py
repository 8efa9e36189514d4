"""What administrators set up: fields, names, roles at collections, compound types; and the identity provider beside it."""

import pytest

from .conftest import Start
from .installation import API, CAMPAIGNS, HERO, MARKETING, Celum

ADMIN, SERVICE, EDITOR, GROUP = 1, 12, 70, 60


async def test_a_field_that_is_added_can_be_written_and_searched(celum: Celum) -> None:
    field = await celum.act("add_field", name="artnr", type="TEXT", label="Art.-Nr.", language="de")
    assert (field["name"], field["labels"]) == ("artnr", {"de": "Art.-Nr."})
    value = {"id": field["id"], "type": "TEXT", "value": {"op": "SET", "value": "K-9"}}
    await celum.good("PATCH", f"/assets/{HERO}", {"informationFieldValues": [value]})
    named = {"type": "ASSET_TEXT_INFORMATION_FIELD", "informationFieldId": field["id"], "text": "K-9"}
    assert await celum.found(named) == [HERO]


async def test_a_field_may_be_renamed_and_keeps_its_values(celum: Celum) -> None:
    before = (await celum.values(HERO))[643]
    await celum.act("rename_field", id=643, name="artikelnummer", label="Artikelnummer", language="de")
    fields = {one["id"]: one["name"] for one in await celum.get("/information-fields?entityType=ASSET")}
    assert (fields[643], (await celum.values(HERO))[643]) == ("artikelnummer", before)


async def test_an_unknown_type_of_field_is_refused_in_words(celum: Celum) -> None:
    refused = await celum.send(
        "POST", f"{celum.url}/__sandbox/actions/add_field", json={"name": "x", "type": "COLOUR", "label": "X"}
    )
    assert (refused.status, "A field is one of" in str(refused.body)) == (409, True)


# ── roles ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_roles_are_given_at_a_collection_and_inherited_below(celum: Celum) -> None:
    group = {"type": "USER_GROUP", "subjectId": GROUP}
    change = [{"roleId": EDITOR, "assignees": {"add": [group, {"type": "USER", "subjectId": ADMIN}]}}]
    await celum.good("PATCH", f"/collections/{MARKETING}", {"roleAssignments": change})
    (here,) = (await celum.get(f"/collections/{MARKETING}?inclusions=roleAssignments"))["roleAssignments"]
    (below,) = (await celum.get(f"/collections/{CAMPAIGNS}?inclusions=roleAssignments"))["roleAssignments"]
    assert here["role"]["name"] == {"en": "Editor"}
    assert here["assignees"] == [
        {"inherited": False, "subject": {"id": GROUP, "type": "USER_GROUP", "name": "Marketing"}},
        {
            "inherited": False,
            "subject": {"id": ADMIN, "type": "USER", "username": "admin", "firstname": "Alex", "lastname": "Admin"},
        },
    ]
    assert [one["inherited"] for one in below["assignees"]] == [True, True]
    gone = [{"roleId": EDITOR, "assignees": {"remove": [group]}}]
    await celum.good("PATCH", f"/collections/{MARKETING}", {"roleAssignments": gone})
    (left,) = (await celum.get(f"/collections/{CAMPAIGNS}?inclusions=roleAssignments"))["roleAssignments"]
    assert [one["subject"]["id"] for one in left["assignees"]] == [ADMIN]


async def test_a_collection_may_be_made_with_roles(celum: Celum) -> None:
    assigned = [{"roleId": EDITOR, "assignees": [{"type": "USER", "subjectId": SERVICE}]}]
    made = await celum.good(
        "POST", "/collections", {"name": {"en": "Ours"}, "parentId": MARKETING, "roleAssignments": assigned}
    )
    (role,) = (await celum.get(f"/collections/{made['id']}?inclusions=roleAssignments"))["roleAssignments"]
    assert [one["subject"]["username"] for one in role["assignees"]] == ["svc-connector"]
    assert "roleAssignments" not in made


@pytest.mark.parametrize(
    ("assignment", "status", "named"),
    [
        ({"roleId": 9, "assignees": {}}, 403, "role"),
        ({"roleId": EDITOR, "assignees": {"add": [{"type": "USER", "subjectId": 9}]}}, 403, "user"),
        ({"roleId": EDITOR, "assignees": {"add": [{"type": "USER_GROUP", "subjectId": 9}]}}, 403, "userGroup"),
        ({"roleId": EDITOR, "assignees": {"add": [{"type": "TEAM", "subjectId": GROUP}]}}, 400, "type"),
    ],
)
async def test_a_role_or_subject_that_is_not_there_is_refused(
    celum: Celum, assignment: object, status: int, named: str
) -> None:
    refused = await celum.call("PATCH", f"/collections/{MARKETING}", {"roleAssignments": [assignment]})
    assert refused.status == status
    assert (refused.body["entity"] if status == 403 else refused.fault["argument"]) == named


# ── compound objects ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_compound_object_is_complete_once_its_assets_carry_what_it_requires(celum: Celum) -> None:
    kind = await celum.act("add_compound_type", key="set", name="Product set", field=660)
    (listed,) = await celum.get("/compound-types")
    read = await celum.get("/compound-types/set?withElements=true")
    assert (listed, read["elements"][0]["compoundRuleId"]) == (read["compoundObjectType"], kind["rule"])
    made = await celum.good("POST", "/collections", {"name": {"en": "Set"}, "parentId": MARKETING})
    path = f"/collections/{made['id']}"
    type_key = {"op": "SET", "compoundObjectTypeKey": "set"}
    rule = {"type": "UPDATE-COLLECTION-REFERENCE-ELEMENT-RULE", "ruleId": kind["rule"]}
    required = {**rule, "requiredCollectionIds": {"op": "MODIFY", "add": [512]}}
    await celum.good("PATCH", path, {"compoundObject": {"typeKey": type_key, "elementRules": [required]}})
    asked = f"{path}?includeCompoundInfo=true"
    assert (await celum.get(asked))["compoundObject"]["compoundObjectState"] == "IN_PROGRESS"
    region = [{"id": 660, "type": "COLLECTION_REFERENCE", "value": [512]}]
    asset = await celum.create(parentId=made["id"], informationFieldValues=region)
    await celum.act("release", id=asset["id"])
    assert (await celum.get(asked))["compoundObject"]["compoundObjectState"] == "COMPLETE"
    assert "compoundObject" not in await celum.get(path)
    only = await celum.get("/collections?compoundSearchType=only&recursive=true")
    assert [one["id"] for one in only["content"]] == [made["id"]]
    rest = await celum.get("/collections?compoundSearchType=exclude&recursive=true&size=200")
    assert made["id"] not in {one["id"] for one in rest["content"]}
    await celum.good("PATCH", path, {"compoundObject": {"typeKey": {"op": "REMOVE"}}})
    assert "compoundObject" not in await celum.get(asked)


async def test_rules_of_a_plain_collection_or_an_unknown_type_are_refused(celum: Celum) -> None:
    rule = {"type": "UPDATE-COLLECTION-REFERENCE-ELEMENT-RULE", "ruleId": 1, "requiredCollectionIds": {"op": "MODIFY"}}
    refused = await celum.call("PATCH", f"/collections/{MARKETING}", {"compoundObject": {"elementRules": [rule]}})
    assert (refused.status, refused.fault["argument"]) == (400, "compoundObject")
    key = {"typeKey": {"op": "SET", "compoundObjectTypeKey": "none"}}
    unknown = await celum.call("PATCH", f"/collections/{MARKETING}", {"compoundObject": key})
    assert (unknown.status, unknown.body["entity"]) == (403, "compoundType")


# ── the identity provider ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_token_of_the_identity_provider_is_good_until_it_ends(start: Start) -> None:
    celum = await start(token_seconds="60")
    form = {"grant_type": "client_credentials", "client_id": "lockgate", "client_secret": "demo-key"}
    given = (await celum.send("POST", f"{celum.url}/__oidc/token", data=form)).body
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    assert (await celum.send("GET", f"{celum.url}{API}/users/me", headers=headers)).body["id"] == SERVICE
    await celum.pass_time(seconds=61)
    assert (await celum.send("GET", f"{celum.url}{API}/users/me", headers=headers)).status == 401


async def test_a_wrong_client_gets_no_token(celum: Celum) -> None:
    for form, status, error in (
        ({"grant_type": "client_credentials", "client_id": "lockgate", "client_secret": "no"}, 401, "invalid_client"),
        ({"grant_type": "implicit"}, 400, "unsupported_grant_type"),
    ):
        refused = await celum.send("POST", f"{celum.url}/__oidc/token", data=form)
        assert (refused.status, refused.body["error"]) == (status, error)
