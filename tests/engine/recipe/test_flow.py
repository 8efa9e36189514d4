"""A flow file binds a recipe; what does not fit is said at the line of whoever can change it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockgate import recipes
from lockgate.engine.recipe import Flow, Guard, Problem, RecipeErrors, Resolve, Role, Watch, dump_flow, load_flow

Changed = Callable[[str, str], list[Problem]]
NAME = "approved-assets-to-products"
BARE = f"flow: a\nrecipe: {NAME}\nuses: {{dam: c, pim: p}}\n"


def bound(text: str, change: tuple[str, str] = ("", "")) -> Flow:
    """The flow of this text, with one part of the shipped recipe replaced first."""
    old, new = change
    recipe = recipes.get(NAME)
    assert old in recipe
    recipe = recipe.replace(old, new) if old else recipe
    return load_flow(text, "flow.yaml", {NAME: recipe})


def test_a_flow_knows_its_two_ends_its_watch_and_its_counterpart(flow: Flow) -> None:
    assert (flow.name, flow.recipe_name) == ("assets-to-pim", NAME)
    assert (flow.source, flow.target) == (Role("celum-demo", "asset"), Role("portal-demo", "asset"))
    assert flow.watch == Watch(poll=timedelta(minutes=5), sweep=timedelta(days=1))
    assert flow.resolve == Resolve("product", "portal-demo", "product", ("sku", "gtin", "family"), "park", "images")
    assert flow.guard == Guard(0.1, 20)
    assert [gate.kind for gate in flow.gates] == ["approved", "window", "rights", "current", "complete"]
    assert (flow.deliver.rendition, flow.deliver.closed, flow.deliver.link) == (
        "original",
        "hide",
        {"product": "images"},
    )


def test_answers_reach_the_gates_as_what_they_mean(flow: Flow) -> None:
    assert flow.gates[0].terms == {"status": ["approved"]}
    assert [use["territory"] for use in flow.gates[2].terms["uses"]] == ["DE", "AT", "CH"]
    assert {use["channel"] for use in flow.gates[2].terms["uses"]} == {"pim"}


def test_markets_may_be_named_in_words_and_norway_is_a_country() -> None:
    flow = bound(BARE + "ask: {markets: [Germany, NO, United States, WORLD]}\n")
    assert [use["territory"] for use in flow.gates[2].terms["uses"]] == ["DE", "NO", "US", "WORLD"]


def test_a_target_field_is_named_as_its_system_names_it() -> None:
    changed = "    ids.sku: ids.sku\n    texts.description: texts.description\n    title: title\n"
    flow = bound(BARE, ("    title: title\n", changed))
    assert {"ids.sku", "texts.description", "title"} <= flow.deliver.fields.keys()


def test_one_answer_will_do_where_a_list_is_asked_for() -> None:
    assert bound(BARE + "ask: {markets: DE}\n").ask["markets"] == ("DE",)


def test_what_is_not_answered_takes_the_default_of_the_recipe() -> None:
    flow = bound(BARE)
    assert flow.ask == {"status": "approved", "markets": ("DE", "AT", "CH")}
    assert flow.guard == Guard(0.1, 20)


def test_an_answer_can_stand_within_a_list_and_a_dollar_sign_can_be_written() -> None:
    flow = load_flow(
        BARE,
        "f",
        {
            NAME: recipes.get(NAME)
            .replace("territory: $markets", "territory: [$markets, FR]")
            .replace("{value: approved}", "{value: $$markets}")
        },
    )
    assert [use["territory"] for use in flow.gates[2].terms["uses"]] == ["DE", "AT", "CH", "FR"]
    assert flow.deliver.fields["status"].value == "$markets"  # type: ignore[union-attr]


def test_an_answer_is_never_code() -> None:
    recipe = recipes.get(NAME).replace("    window: {}", '    when: "item.title.en == ask.status"')
    recipe = recipe.replace("approved: {status: $status}", "approved: {}")
    flow = load_flow(BARE + "ask: {status: \"' || true || '\"}\n", "f", {NAME: recipe})
    assert flow.gates[1].terms["cel"] == "item.title.en == ask.status"
    assert flow.gates[1].terms["ask"]["status"] == "' || true || '"


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "sentence", "remedy"),
    [
        (
            "recipe: approved-assets-to-products",
            "recipe: approved-asset-to-products",
            2,
            "recipe",
            "there is no recipe",
            "did you mean `approved-assets-to-products`?",
        ),
        ("flow: assets-to-pim\n", "", 1, "", "`flow` is missing", "add `flow: …`"),
        ("flow: assets-to-pim", "flow: Assets: 1", 1, "", "this cannot be read as YAML", "quotes"),
        ("flow: assets-to-pim", "flow: Assets to PIM", 1, "flow", "cannot be a name", "use small letters"),
        (
            "pim: portal-demo",
            "shop: portal-demo",
            3,
            "uses",
            "the role `pim` (asset, product) is not bound",
            "add `pim: <name of a connection>`",
        ),
        (
            "pim: portal-demo",
            "shop: portal-demo",
            3,
            "uses.shop",
            "the recipe has no role `shop`",
            "known are `dam`, `pim`",
        ),
        (
            "pim: portal-demo",
            "pim: celum-demo",
            3,
            "uses.pim",
            "the flow would feed itself",
            "bind them to two connections",
        ),
        ("pim: portal-demo", "pim: ''", 3, "uses.pim", "this should not be blank", ""),
        (
            "status: approved",
            "status: released",
            4,
            "ask.status",
            "`released` is not a status that can open a gate",
            "did you mean",
        ),
        (
            "status: approved",
            "status: [approved, draft]",
            4,
            "ask.status",
            "`status` takes one answer",
            "write a single value",
        ),
        (
            "status: approved",
            "state: approved",
            4,
            "ask.state",
            "the recipe does not ask for `state`",
            "did you mean `status`?",
        ),
        (
            "[DE, AT, CH]",
            "[DE, Narnia, CH]",
            4,
            "ask.markets[1]",
            "`Narnia` is not a territory that is known",
            "write an ISO 3166 code",
        ),
        ("[DE, AT, CH]", "[DE, {a: b}]", 4, "ask.markets", "an answer is a text or a list of texts", "write one"),
        ("share: 10%", "share: ten", 5, "guard.share", "`ten` is not a share", "write `10%` or `0.1`"),
        ("share: 10%", "share: 110%", 5, "guard.share", "`110%` is not a share", "write `10%` or `0.1`"),
        ("least: 20", "least: -1", 5, "guard.least", "`-1` is not a whole number", "write digits only"),
        ("guard:", "gard:", 5, "gard", "`gard` is not known here", "did you mean `guard`?"),
    ],
)
def test_a_problem_of_a_flow_file_names_its_place_and_what_to_do(
    flow_with: Changed, old: str, new: str, line: int, path: str, sentence: str, remedy: str
) -> None:
    found = [one for one in flow_with(old, new) if one.path == path and sentence in one.sentence]
    assert found, flow_with(old, new)
    assert (found[0].line, found[0].source) == (line, "flow.yaml")
    assert remedy in found[0].remedy


def test_every_problem_of_a_flow_file_is_found_at_once() -> None:
    text = f"flow: A B\nrecipe: {NAME}\nuses: {{dam: c}}\nask: {{markets: [XX], season: x}}\nguard: {{share: x}}\n"
    with pytest.raises(RecipeErrors) as raised:
        load_flow(text, "flow.yaml", recipes.texts())
    assert [one.path for one in raised.value.problems] == [
        "flow",
        "uses",
        "ask.markets[0]",
        "ask.season",
        "guard.share",
    ]


def test_a_question_without_a_default_must_be_answered() -> None:
    recipe = {NAME: recipes.get(NAME).replace(", default: [DE, AT, CH]", ", many: true")}
    with pytest.raises(
        RecipeErrors, match=r"`markets` is not answered: Markets served \(add `markets: …` below `ask`\)"
    ):
        load_flow(BARE, "flow.yaml", recipe)
    assert load_flow(BARE + "ask: {markets: DE}\n", "flow.yaml", recipe).ask["markets"] == ("DE",)


def test_a_fault_of_the_recipe_itself_is_told_as_the_recipes() -> None:
    broken = {NAME: recipes.get(NAME).replace("title: title", "title: titel")}
    with pytest.raises(RecipeErrors) as raised:
        load_flow(BARE, "flow.yaml", broken)
    (problem,) = raised.value.problems
    assert (problem.source, problem.path) == (f"recipe {NAME}", "deliver.fields.title")


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        ("# first\n", "", False),
        ("share: 10%", "share: 20%", False),
        ("flow: a\n", "flow: b\n", False),
        ("dam: c,", "dam: d,", True),
        ("[DE, AT]", "[DE, CH]", True),
    ],
)
def test_the_digest_differs_when_what_comes_of_an_item_may_differ(old: str, new: str, differs: bool) -> None:
    text = f"# first\n{BARE}ask: {{markets: [DE, AT]}}\nguard: {{share: 10%}}\n"
    assert (bound(text).digest != bound(text.replace(old, new)).digest) is differs


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (("why: Files", "why: Papers"), False),
        (("poll: 5m", "poll: 1m"), False),
        (("title: title", "title: texts.alt"), True),
        (
            ("name: nothing is missing\n    complete: {}", "name: nothing is missing\n    complete: {needs: [title]}"),
            True,
        ),
        (("closed: hide", "closed: flag"), True),
        (("[sku, gtin, family]", "[gtin, sku]"), True),
        (("channel: pim", "channel: web"), True),
    ],
)
def test_the_digest_follows_the_rules_of_the_recipe_and_not_its_words(change: tuple[str, str], differs: bool) -> None:
    assert (bound(BARE).digest != bound(BARE, change=change).digest) is differs


def test_an_answer_that_an_expression_reads_counts_for_the_digest() -> None:
    change = ("title: title", "title: {cel: ask.status}")
    first, second = (bound(f"{BARE}ask: {{status: {word}}}\n", change=change) for word in ("approved", "archived"))
    assert first.digest != second.digest


NAMES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}", fullmatch=True)
MARKETS = st.lists(
    st.sampled_from(["DE", "NO", "AT", "WORLD", "US-CA", "Germany", "Côte d'Ivoire", "DACH"]), min_size=1
)


@settings(deadline=None, max_examples=50)
@given(
    name=NAMES,
    dam=NAMES,
    pim=NAMES,
    markets=MARKETS,
    words=st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=3),
    share=st.floats(0, 1) | st.sampled_from([0.1, 0.07, 1 / 3]),
    least=st.integers(0, 10**6),
)
def test_a_flow_written_out_reads_back_as_the_same_flow(
    name: str, dam: str, pim: str, markets: list[str], words: list[str], share: float, least: int
) -> None:
    recipe = recipes.get(NAME).replace("ask:  ", "ask:\n  words: {label: Words, many: true}\n#")
    start = f"flow: x\nrecipe: {NAME}\nuses: {{dam: c, pim: p}}\nask: {{words: w}}\n"
    first = load_flow(start, "flow.yaml", {NAME: recipe})
    changed = replaced(
        first, name, {"dam": f"a{dam}", "pim": f"b{pim}"}, tuple(markets), tuple(words), Guard(share, least)
    )
    again = load_flow(dump_flow(changed), "flow.yaml", {NAME: recipe})
    assert (again.name, again.uses, again.ask, again.guard) == (changed.name, changed.uses, changed.ask, changed.guard)
    assert load_flow(dump_flow(again), "flow.yaml", {NAME: recipe}) == again


def replaced(
    flow: Flow, name: str, uses: dict[str, str], markets: tuple[str, ...], words: tuple[str, ...], guard: Guard
) -> Flow:
    return replace(flow, name=name, uses=uses, ask={**flow.ask, "markets": markets, "words": words}, guard=guard)


def test_a_flow_file_reads_well_and_means_the_same_to_other_readers_of_yaml() -> None:
    text = dump_flow(bound(BARE + "ask: {markets: [NO, DE]}\nguard: {share: 12.5%, least: 5}\n"))
    assert text == (
        f"flow: a\nrecipe: {NAME}\nuses: {{dam: c, pim: p}}\n"
        'ask: {status: approved, markets: ["NO", DE]}\nguard: {share: 12.5%, least: 5}\n'
    )
