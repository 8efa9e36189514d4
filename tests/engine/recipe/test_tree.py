"""YAML is read as texts with their places, and what people trip over is said clearly."""

import pytest

from lockgate.kit.document.problems import Problem
from lockgate.kit.document.tree import DEEPEST, LARGEST, Node, read


def tree(text: str) -> Node:
    root, problems = read(text, "it.yaml")
    assert problems == []
    assert root is not None
    return root


def problems(text: str) -> list[Problem]:
    return read(text, "it.yaml")[1]


def test_norway_keys_times_and_numbers_stay_what_was_typed() -> None:
    text = "on: NO\nyes: [12:30, 9780306406157, 1e3, 0x1F, ~, null, '']\n010: 2026-01-01\n"
    assert tree(text).plain() == {
        "on": "NO",
        "yes": ["12:30", "9780306406157", "1e3", "0x1F", "~", "null", ""],
        "010": "2026-01-01",
    }


def test_a_key_without_a_value_holds_nothing_which_is_not_an_empty_text() -> None:
    assert tree("a:\nb: ''\n").plain() == {"a": None, "b": ""}


def test_every_value_knows_its_line_column_and_path() -> None:
    node = tree("gates:\n  - name: one\n  - name: two\n    rights: {territory: [DE, AT]}\n").at(
        ["gates", 1, "rights", "territory", 1]
    )
    assert (node.value, node.line, node.column, node.path) == ("AT", 4, 30, "gates[1].rights.territory[1]")


@pytest.mark.parametrize(
    ("text", "line", "column", "sentence"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "`a` stands twice"),
        ("a: &x 1\nb: 2\n", 1, 4, "the anchor &x is not used here"),
        ("a: 1\nb: *x\n", 2, 4, "aliases are not used here"),
        ("a: !!int 1\n", 1, 4, "the tag tag:yaml.org,2002:int is not used here"),
        (
            "a: !!python/object:os.system {}\n",
            1,
            4,
            "the tag tag:yaml.org,2002:python/object:os.system is not used here",
        ),
        ("a: 1\n---\nb: 2\n", 2, 1, "a second document begins here"),
        ("? [a]\n: b\n", 1, 3, "a key must be a text"),
        ("a:\n\t- b\n", 2, 1, "this line is indented with a tab"),
        ("a: [1, 2\n", 2, 1, "this cannot be read as YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: b: c\n", 1, 5, "this cannot be read as YAML: mapping values are not allowed here"),
        ("a: 1\nb: \x07\n", 2, 4, "this cannot be read as YAML: the character U+0007 is not allowed"),
        ("- a\n- b\n", 1, 1, "this should be a mapping of keys to values"),
        ("", 1, 1, "this text is empty"),
        ("# nothing but words\n", 1, 1, "this text is empty"),
    ],
)
def test_what_a_recipe_must_not_hold_is_said_at_its_place(text: str, line: int, column: int, sentence: str) -> None:
    (found,) = problems(text)
    assert (found.line, found.column, found.sentence, found.source) == (line, column, sentence, "it.yaml")


def test_every_indenting_tab_is_named() -> None:
    assert [one.line for one in problems("a:\n\tb: 1\n\tc: 2\n")] == [2, 3]


def test_all_refusals_of_a_text_are_found_at_once() -> None:
    found = problems("a: &x 1\nb: *x\nb: !t 2\n")
    assert [one.line for one in found] == [1, 2, 3, 3]


def test_an_alias_bomb_is_refused_without_being_unfolded() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    root, found = read(bomb, "it.yaml")
    assert root is not None
    assert len(str(root.plain())) < 5000
    assert len(found) == 60 + 2 * 59


def test_a_text_too_large_or_too_deep_is_refused() -> None:
    (large,) = problems("a: " + "x" * LARGEST)
    assert "characters" in large.sentence
    for depth in (DEEPEST + 1, 50_000):
        (deep,) = problems("a: " + "[" * depth + "]" * depth)
        assert (deep.sentence, deep.column) == ("this is nested too deeply", DEEPEST + 3)
