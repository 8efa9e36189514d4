"""Each thing that can be wrong with a recipe is said at its line, with what to do."""

from collections.abc import Callable

import pytest

from lockgate import recipes
from lockgate.engine.recipe import Problem

Changed = Callable[[str, str], list[Problem]]
TEXT = recipes.get("approved-assets-to-products")

WRONG = [
    ("title: Approved assets", "titel: Approved assets", "titel", "`titel` is not known here", "did you mean `title`?"),
    (
        "    approved: {status",
        "    aproved: {status",
        "gates[0].aproved",
        "`aproved` is not known here",
        "did you mean `approved`?",
    ),
    ("    window: {}", "    window: {at: now}", "gates[1].window.at", "`at` is not known here", "none is known here"),
    (
        "    window: {}",
        "    window: now",
        "gates[1].window",
        "this should be a mapping of keys to values",
        "write `key: value` below it",
    ),
    (
        "    current: {}\n",
        "    current: {}\n    complete: {}\n",
        "gates[3]",
        "a gate asks one thing; current and complete stand together",
        "keep one of",
    ),
    (
        "title: title",
        "title: titel",
        "deliver.fields.title",
        "`titel` is not a canonical name",
        "did you mean `title`?",
    ),
    (
        "    title: title",
        "    ids..sku: ids.sku",
        "deliver.fields.ids..sku",
        "`ids..sku` cannot be the name of a target field",
        "with dots as in `ids.sku`",
    ),
    ("title: title", "title: texts", "deliver.fields.title", "`texts` is not a canonical name", "write `texts.<name>`"),
    (
        "title: title",
        "title: {cel: item.title.}",
        "deliver.fields.title.cel",
        "this is not a CEL expression",
        "an expression reads",
    ),
    (
        "title: title",
        "title: {cel: itm.title}",
        "deliver.fields.title.cel",
        "`itm` is not known in an expression",
        "an expression reads",
    ),
    (
        "title: title",
        "title: {cel: item.titel}",
        "deliver.fields.title.cel",
        "`item.titel` is not known",
        "an expression reads",
    ),
    (
        "title: title",
        "title: {cel: ask.season}",
        "deliver.fields.title.cel",
        "`ask.season` is not known; known are markets, status",
        "ask for it below `ask`",
    ),
    (
        "title: title",
        "title: {cel: 'lower(item.id)'}",
        "deliver.fields.title.cel",
        "`lower()` is not a function of CEL here",
        "an expression reads",
    ),
    (
        "title: title",
        "title: {path: title, cel: item.id}",
        "deliver.fields.title",
        "a field has one source; path and cel stand together",
        "keep one of",
    ),
    (
        "{value: approved}",
        "{value: approved, default: x}",
        "deliver.fields.status",
        "a constant is always there, so its default never holds",
        "remove `default`",
    ),
    (
        "territory: $markets",
        "territory: $market",
        "gates[2].rights.territory",
        "nobody asks for `market`",
        "did you mean `markets`?",
    ),
    (
        "territory: $markets",
        "territory: [DE, no]",
        "gates[2].rights.territory[1]",
        "`no` is not a territory that is known",
        "write an ISO 3166 code",
    ),
    ("match: every", "match: all", "gates[2].rights.match", "`all` is not known here", "known are `every`, `one`"),
    (
        "default: [DE, AT, CH]",
        "default: [DE, XX]",
        "ask.markets.default[1]",
        "`XX` is not a territory that is known",
        "write an ISO 3166 code",
    ),
    (
        "default: approved",
        "default: unknown",
        "ask.status.default",
        "`unknown` is not a status that can open a gate",
        "known are",
    ),
    (
        "choices: dam.status",
        "choices: dem.status",
        "ask.status.choices",
        "there is no role `dem`",
        "did you mean `dam`?",
    ),
    (
        "choices: dam.status",
        "choices: dam.state",
        "ask.status.choices",
        "`state` is not a canonical name",
        "did you mean `status`?",
    ),
    (
        "choices: dam.status",
        "choices: [draft, archived]",
        "ask.status.default",
        "`approved` is none of the choices",
        "did you mean `archived`?",
    ),
    (
        "watch: {system: dam, kind: asset",
        "watch: {system: dan, kind: asset",
        "watch.system",
        "there is no role `dan`",
        "did you mean `dam`?",
    ),
    (
        "watch: {system: dam, kind: asset",
        "watch: {system: dam, kind: product",
        "watch.kind",
        "`dam` has no kind `product`",
        "known is `asset`",
    ),
    ("poll: 5m", "poll: 5 minutes", "watch.poll", "`5 minutes` is not a length of time", "write `30s`"),
    ("sweep: daily", "sweep: 0h", "watch.sweep", "`0h` is not a length of time", "write `30s`"),
    ("  to: pim", "  to: shop", "deliver.to", "there is no role `shop`", "known are `dam`, `pim`"),
    ("  as: asset", "  as: assets", "deliver.as", "`pim` has no kind `assets`", "did you mean `asset`?"),
    (
        "  link: {product: images}\n",
        "  link: {product: images, brand: logos}\n",
        "deliver.link.brand",
        "`brand` is not resolved",
        "known is `product`",
    ),
    ("[sku, gtin, family]", "[sku, ean]", "resolve.product.by[1]", "`ean` is not a kind of identifier", "known are"),
    (
        "missing: park",
        "missing: wait",
        "resolve.product.missing",
        "`wait` is not known here",
        "known are `park`, `skip`",
    ),
    ("closed: hide", "closed: delete", "deliver.closed", "`delete` is not known here", "known are"),
    (
        "can: [changes, fetch, open]",
        "can: [changes, fetsh, open]",
        "uses.dam.can[1]",
        "`fetsh` is not known here",
        "did you mean `fetch`?",
    ),
    (
        "at: it may be used now",
        "at: it may be used",
        "examples[4].expect.at",
        "there is no gate of this name",
        "did you mean",
    ),
    (
        "given: {dam: [asset__draft]}",
        "given: {dm: [asset__draft]}",
        "examples[2].given.dm",
        "there is no role `dm`",
        "did you mean `dam`?",
    ),
    (
        "expect: {parked: 1,",
        "expect: {parked: one,",
        "examples[5].expect.parked",
        "`one` is not a whole number",
        "write digits only",
    ),
    (
        "name: nothing is missing",
        "name: it may be used now",
        "gates[4].name",
        "this name stands twice",
        "it is already in line",
    ),
    (
        "recipe: approved-assets-to-products",
        "recipe: Approved Assets",
        "recipe",
        "`Approved Assets` cannot be a name",
        "use small letters",
    ),
]
"""What stands there, what is written instead, and path, sentence and remedy of the problem."""

GONE = [
    ("    current: {}\n", "", "gates[3]", "a gate asks one thing; none is there", "keep one of"),
    ("watch: {system: dam, kind: asset, poll: 5m, sweep: daily}\n", "", "", "`watch` is missing", "add `watch: …`"),
    (
        "watch: {system: dam, kind: asset, poll: 5m, sweep: daily}\n",
        "watch:\n",
        "watch",
        "this should be a mapping",
        "write `key: value`",
    ),
    (
        "  link: {product: images}\n",
        "",
        "resolve.product",
        "`product` is resolved but not linked",
        "add `link: {product: <field>}`",
    ),
]


@pytest.mark.parametrize(("old", "new", "path", "sentence", "remedy"), WRONG)
def test_a_problem_names_its_line_and_what_to_do(
    recipe_with: Changed, old: str, new: str, path: str, sentence: str, remedy: str
) -> None:
    problems = recipe_with(old, new)
    found = [one for one in problems if one.path == path and sentence in one.sentence]
    assert found, problems
    assert remedy in found[0].remedy
    first = TEXT[: TEXT.index(old)].count("\n") + 1
    assert first - 1 <= found[0].line <= first + new.count("\n")


@pytest.mark.parametrize(("old", "new", "path", "sentence", "remedy"), GONE)
def test_what_is_gone_is_missed_where_it_should_be(
    recipe_with: Changed, old: str, new: str, path: str, sentence: str, remedy: str
) -> None:
    problems = recipe_with(old, new)
    found = [one for one in problems if one.path == path and sentence in one.sentence]
    assert found, problems
    assert remedy in found[0].remedy
