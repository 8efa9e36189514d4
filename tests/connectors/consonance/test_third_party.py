"""A GraphQL client that nobody of us wrote, `gql` over its own aiohttp transport, used as its manual says, against the sandbox."""

from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

import pytest
from gql import Client, gql
from gql.client import AsyncClientSession
from gql.dsl import DSLMutation, DSLQuery, DSLSchema, dsl_gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from graphql import GraphQLError, build_schema, lexicographic_sort_schema, print_schema

from .conftest import EBOOK, KEY, PAPERBACK, READER, WORK, Account

MARKS = ("documented", "named", "inferred")


def transport(account: Account, key: str = KEY) -> AIOHTTPTransport:
    return AIOHTTPTransport(url=f"{account.url}/graphql", headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
async def informed(account: Account) -> AsyncIterator[AsyncClientSession]:
    """A session that has read the schema first, and checks every operation against it before it sends it."""
    client = Client(transport=transport(account), fetch_schema_from_transport=True)
    async with client as session:
        yield session


@pytest.fixture
async def blind(account: Account) -> AsyncIterator[AsyncClientSession]:
    """A session that sends whatever it is given."""
    async with Client(transport=transport(account)) as session:
        yield session


async def test_introspection_gives_the_schema_of_the_project(informed: AsyncClientSession) -> None:
    served = informed.client.schema
    assert served is not None
    ours = build_schema((files("lockgate.connectors.consonance") / "schema.graphql").read_text())
    for mark in MARKS:
        ours = build_schema(
            "\n".join(one for one in print_schema(ours).splitlines() if f"directive @{mark}" not in one)
        )
    assert print_schema(lexicographic_sort_schema(served)) == print_schema(lexicographic_sort_schema(ours))


async def test_a_query_with_variables_is_answered(informed: AsyncClientSession) -> None:
    query = gql(
        """
        query Product($id: Int!) {
          product(productSearch: {idEq: $id}) {
            __typename fullTitle isbn { isbn13 isbnWithDashes } prices { amountWithCurrencyCode }
            ... on PhysicalBookProduct { productHeight(unit: CM) }
            work { season contributions { contributor { name ... on Person { keyNames } } } }
          }
        }
        """
    )
    query.variable_values = {"id": PAPERBACK}
    assert await informed.execute(query) == {
        "product": {
            "__typename": "PhysicalBookProduct",
            "fullTitle": "The Tide Clock",
            "isbn": {"isbn13": "9781905005123", "isbnWithDashes": "978-1-905005-12-3"},
            "prices": [{"amountWithCurrencyCode": "9.99 GBP"}],
            "productHeight": 19.8,
            "work": {
                "season": "Spring 2027",
                "contributions": [{"contributor": {"name": "Ada Marlow", "keyNames": "Marlow"}}],
            },
        }
    }


async def test_a_query_built_from_the_schema_is_answered(informed: AsyncClientSession) -> None:
    assert informed.client.schema is not None
    ds = DSLSchema(informed.client.schema)
    wanted = ds.Query.works(workSearch={"titleCont": "TIDE"}).select(
        ds.Work.title, ds.Work.products(productSearch={"onix21ProductFormCodeIn": ["DG"]}).select(ds.Product.id)
    )
    assert await informed.execute(dsl_gql(DSLQuery(wanted))) == {
        "works": [{"title": "The Tide Clock", "products": [{"id": EBOOK}]}]
    }


async def test_a_mutation_built_from_the_schema_is_done(informed: AsyncClientSession) -> None:
    assert informed.client.schema is not None
    ds = DSLSchema(informed.client.schema)
    change = ds.Mutation.updateWork(input={"id": WORK, "keywords": ["tides", "clocks"], "clientMutationId": "m-1"})
    change.select(
        ds.UpdateWorkPayload.errors,
        ds.UpdateWorkPayload.clientMutationId,
        ds.UpdateWorkPayload.work.select(ds.Work.keywords),
    )
    done = await informed.execute(dsl_gql(DSLMutation(change)))
    assert done == {"updateWork": {"errors": [], "clientMutationId": "m-1", "work": {"keywords": ["tides", "clocks"]}}}


async def test_what_the_business_refuses_is_told_in_the_payload(informed: AsyncClientSession) -> None:
    mutation = gql(
        """
        mutation Attach($input: CreateSupportingResourceInput!) {
          createSupportingResource(input: $input) { errors presignedUrl supportingResource { id } }
        }
        """
    )
    told = {"workId": WORK, "resourceFileName": "cover.png", "productIds": [PAPERBACK]}
    mutation.variable_values = {"input": told}
    assert await informed.execute(mutation) == {
        "createSupportingResource": {
            "errors": ["Resource file name must end in .jpg or .jpeg"],
            "presignedUrl": None,
            "supportingResource": None,
        }
    }


async def test_an_informed_client_finds_a_wrong_field_before_it_sends_it(
    informed: AsyncClientSession, account: Account
) -> None:
    before = len(account.sandbox.calls)
    with pytest.raises(GraphQLError, match="Cannot query field 'isbn' on type 'Work'"):
        await informed.execute(gql("{ works { isbn } }"))
    assert len(account.sandbox.calls) == before


@pytest.mark.parametrize(
    ("query", "message", "code"),
    [
        ("{ works { isbn } }", "Field 'isbn' doesn't exist on type 'Work'", "undefinedField"),
        ("{ works(first: 3) { id } }", "Unknown argument 'first'", "argumentNotAccepted"),
        ("{ works { imprint } }", "must have a selection", "selectionMismatch"),
        ('{ product(productSearch: {idEq: "x"}) { id } }', "Int cannot represent", "argumentLiteralsIncompatible"),
        ("{ person { id } }", "is required, but it was not provided", "missingRequiredArguments"),
        ("mutation { updateWork(input: {title: $t}) { errors } }", "'\\$t' is not defined", "variableNotDefined"),
    ],
)
async def test_the_server_rejects_what_the_schema_rejects(
    blind: AsyncClientSession, query: str, message: str, code: str
) -> None:
    with pytest.raises(TransportQueryError, match=message) as refused:
        await blind.execute(gql(query))
    errors: list[dict[str, Any]] = refused.value.errors or []
    assert code in {one["extensions"]["code"] for one in errors}


async def test_a_variable_of_the_wrong_type_is_named(blind: AsyncClientSession) -> None:
    query = gql("query Q($id: Int!) { product(productSearch: {idEq: $id}) { id } }")
    query.variable_values = {"id": "nine"}
    with pytest.raises(TransportQueryError, match=r"Variable '\$id' has invalid value"):
        await blind.execute(query)


async def test_a_key_that_reads_only_may_not_write(account: Account) -> None:
    async with Client(transport=transport(account, READER)) as session:
        assert await session.execute(gql("{ projectStages { name } }"))
        with pytest.raises(TransportQueryError) as refused:
            await session.execute(gql("mutation { updateToDo(input: {id: 1002}) { errors } }"))
    assert [one["extensions"] for one in refused.value.errors or []] == [{"code": "forbidden"}]


async def test_a_wrong_key_is_refused(account: Account) -> None:
    async with Client(transport=transport(account, "sandbox-key-nobody-gave-out")) as session:
        with pytest.raises(TransportQueryError, match="Unauthorized"):
            await session.execute(gql("{ works { id } }"))
    assert [one.status for one in account.sandbox.calls.since()] == [401]


async def test_pages_go_on_by_after_until_one_is_empty(blind: AsyncClientSession, account: Account) -> None:
    account.sandbox.set_options({"page_cap": 4})
    query = gql("query W($after: Int) { works(workSearch: {after: $after}) { id } }")
    seen: list[int] = []
    while True:
        query.variable_values = {"after": seen[-1] if seen else None}
        page = (await blind.execute(query))["works"]
        if not page:
            break
        assert len(page) <= 4
        seen += [one["id"] for one in page]
    assert seen == sorted({one["id"] for one in account.sandbox.state.all("Work")})
