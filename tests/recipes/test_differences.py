"""An example that does not hold says in words which expectation differs, and what happened instead."""

from .conftest import Tried


async def test_wrong_numbers_gate_and_code_are_each_named(tried: Tried) -> None:
    played = await tried("""\
  - name: a draft arrives
    given: {dam: [asset__draft]}
    expect: {written: 1, at: it is the newest version, code: current.no, holds: {pim: {copies: 1}}}
""")
    assert not played.holds
    assert [str(one) for one in played.differences] == [
        "written: expected 1, found 0",
        "blocked: expected 0, found 1",
        'at: expected "it is the newest version", found "creative has approved it"',
        "code: expected current.no, found approved.no",
        "holds.pim.copies: expected 1, found 0",
    ]
    (happened,) = played.happened
    assert happened.startswith("asset__draft was blocked (approved.no): creative has approved it: its status is draft")


async def test_what_the_target_holds_is_compared_value_by_value(tried: Tried) -> None:
    played = await tried("""\
  - name: another title
    given: {dam: [asset__packshot], pim: [product__kettle]}
    expect:
      written: 1
      holds:
        pim:
          title: Pot
          keywords: [kettle]
          ids.sku: "1"
          product.title: Kettle, stainless steel
          copies: 1
          hidden: yes
          colour: red
""")
    differences = {one.what: (one.expected, one.found) for one in played.differences}
    assert differences.pop("holds.pim.colour")[1].startswith(
        "nothing of this name; our copy holds campaign, copyright,"
    )
    assert differences == {
        "holds.pim.title": ('"Pot"', '{en: "Kettle, front view"}'),
        "holds.pim.keywords": ('["kettle"]', '["kettle", "kitchen"]'),
        "holds.pim.ids.sku": ('"1"', '"4711"'),
        "holds.pim.hidden": ('"yes"', "no"),
    }


async def test_a_difference_after_a_step_names_the_step(tried: Tried) -> None:
    played = await tried("""\
  - name: nothing happens to a copy whose release is taken back
    given: {dam: [asset__packshot], pim: [product__kettle]}
    expect: {written: 1}
    then:
      - change: {dam: {asset__packshot: {status: draft}}}
        expect: {blocked: 1}
      - expect: {blocked: 1, withdrawn: 1}
      - wait: 36h
        expect: {parked: 1}
""")
    assert [str(one) for one in played.differences] == [
        "then 1 (changed asset__packshot): withdrawn: expected 0, found 1",
        "then 2 (once more): withdrawn: expected 1, found 0",
        "then 3 (after 36h): parked: expected 1, found 0",
    ]


async def test_numbers_that_are_not_stated_are_not_compared_where_none_is(tried: Tried) -> None:
    played = await tried("""\
  - name: only what is held matters here
    given: {dam: [asset__packshot, asset__draft], pim: [product__kettle]}
    expect: {holds: {pim: {copies: 1, title: "Kettle, front view", language: en}}}
""")
    assert played.holds, played.differences


async def test_an_example_answers_the_questions_in_its_own_way(tried: Tried) -> None:
    played = await tried("""\
  - name: one market alone
    given: {dam: [asset__us_only], pim: [product__kettle]}
    ask: {markets: [US]}
    expect: {written: 1, linked: 1}
""")
    assert played.holds, played.differences


async def test_what_is_removed_and_given_again_is_another_item(tried: Tried) -> None:
    played = await tried("""\
  - name: deleted and uploaded anew
    given: {dam: [asset__packshot], pim: [product__kettle]}
    expect: {written: 1}
    then:
      - remove: {dam: [asset__packshot]}
        expect: {blocked: 1, withdrawn: 1, code: gone}
      - given: {dam: [asset__packshot]}
        expect: {written: 1, linked: 1}
""")
    assert played.holds, played.differences


async def test_a_changed_identifier_moves_the_link_to_the_other_product(tried: Tried) -> None:
    played = await tried("""\
  - name: the picture shows another kettle
    given: {dam: [asset__packshot], pim: [product__kettle, product__kettle_small]}
    expect: {written: 1, holds: {pim: {ids.sku: "4711"}}}
    then:
      - change: {dam: {asset__packshot: {ids.sku: "4712"}}}
        expect: {written: 1, linked: 1, holds: {pim: {links: 1, ids.sku: "4712"}}}
      - change: {dam: {asset__packshot: {ids.sku: , ids.family: KETTLES}}}
        expect: {unchanged: 1, holds: {pim: {links: 1, product.ids.family: [KETTLES, "4712"]}}}
""")
    assert played.holds, played.differences
