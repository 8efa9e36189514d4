"""`lockgate onix` as people and scripts use it."""

import io
from pathlib import Path

import pytest
from msgspec.structs import replace

from lockgate.kit import onix
from lockgate.kit.onix import records

from .commands import Commands

pytestmark = pytest.mark.timeout(300)
"""Several commands each, and a machine may have other things to do."""

BOOK = records.Product(
    reference="larkfield.1",
    notification="03",
    identifiers=(records.Identifier(type="15", value="9783161484100"),),
    composition="00",
    form="BC",
    titles=(records.Title(type="01", elements=(records.TitleElement(level="01", text="Lark"),)),),
    publishers=(records.Publisher(role="01", name="Larkfield"),),
)
HEADER = onix.Header(sender=onix.Party(name="Larkfield"), sent="20260301")


def message(folder: Path, *products: records.Product, old: bytes = b"", new: bytes = b"") -> str:
    stream = io.BytesIO()
    onix.write(stream, products, HEADER)
    file = folder / "message.xml"
    file.write_bytes(stream.getvalue().replace(old, new) if old else stream.getvalue())
    return str(file)


@pytest.fixture
def good(tmp_path: Path) -> str:
    return message(tmp_path, BOOK, replace(BOOK, reference="larkfield.2"))


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """One product with a wrong check digit, one that is no XML, one that is good."""
    folder = tmp_path / "bad"
    folder.mkdir()
    wrong = replace(BOOK, reference="larkfield.2", identifiers=(records.Identifier(type="15", value="9783161484101"),))
    broken = replace(BOOK, reference="larkfield.3", source_name="broken")
    return message(folder, BOOK, wrong, broken, old=b"broken</RecordSourceName>", new=b"broken</Record>")


def test_a_good_message_is_valid_and_costs_no_status(good: str, commands: Commands) -> None:
    done = commands.run("onix", "check", good)
    assert (done.status, done.err) == (0, "")
    assert "ONIX 3.0, 2 products, valid" in done.out


def test_what_is_wrong_is_told_with_file_line_and_element(bad: str, commands: Commands) -> None:
    done = commands.run("onix", "check", bad)
    assert done.status == 1
    lines = Path(bad).read_text().splitlines()
    digit, broken = done.err.splitlines()
    place = 1 + next(number for number, line in enumerate(lines) if "9783161484101" in line)
    assert digit.startswith(f"{bad}:{place}: error: Product/ProductIdentifier/IDValue: the ISBN-13 '9783161484101'")
    assert "(record larkfield.3) [xml]" in broken
    assert "3 products, 1 invalid, 1 unreadable" in done.out


def test_programs_get_one_document_for_all_files(good: str, bad: str, commands: Commands) -> None:
    done = commands.run("onix", "check", good, bad, "--json", "--limit", "1")
    assert done.status == 1
    first, second = done.document["files"]
    assert (first["valid"], first["problems"], first["products"]) == (True, [], 2)
    assert (second["valid"], second["invalid"], second["unreadable"], second["found"]) == (False, 1, 1, 2)
    assert [one["code"] for one in second["problems"]] == ["digit"]
    assert {one["code"]: one["times"] for one in second["codes"]} == {"digit": 1, "xml": 1}


def test_warnings_can_be_left_out_and_never_cost_a_status(tmp_path: Path, commands: Commands) -> None:
    file = message(tmp_path, replace(BOOK, notification="89"))
    told, quiet = commands.run("onix", "check", file), commands.run("onix", "check", file, "--no-warnings")
    assert (told.status, quiet.status) == (0, 0)
    assert "[test-record]" in told.err
    assert quiet.err == ""


def test_errors_are_shown_before_warnings_where_not_all_are(tmp_path: Path, commands: Commands) -> None:
    tests = [replace(BOOK, reference=f"t{number}", notification="89") for number in range(3)]
    file = message(tmp_path, *tests, replace(BOOK, identifiers=(records.Identifier(type="15", value="1"),)))
    done = commands.run("onix", "check", file, "--limit", "2")
    assert done.err.count("[digit]") == 1
    assert "2 more problems are not shown" in done.out


def test_a_message_is_converted_with_what_can_be_read(bad: str, tmp_path: Path, commands: Commands) -> None:
    new = tmp_path / "new.xml"
    done = commands.run("onix", "convert", bad, "--to", str(new), "--short", "--json")
    assert done.status == 1
    assert (done.document["written"], done.document["unreadable"]) == (2, 1)
    with new.open("rb") as stream:
        assert [one.reference for one in onix.read(stream)] == ["larkfield.1", "larkfield.2"]
    assert b"<ONIXmessage" in new.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bad", "new.xml"]


def test_what_is_left_out_and_what_is_no_good_3_0_is_told(tmp_path: Path, commands: Commands) -> None:
    new = b"<DescriptiveDetail><Newer textcase='01'/><Conference/>"
    file = message(tmp_path, BOOK, old=b"<DescriptiveDetail>", new=new)
    done = commands.run("onix", "convert", file, "--to", str(tmp_path / "new.xml"))
    assert done.status == 0
    assert "Product/DescriptiveDetail/Newer" in done.out
    assert "Conference" not in done.out
    assert "warning: Product/DescriptiveDetail/Conference: as ONIX 3.0 it is not valid" in done.err
    assert b"<Conference/>" in (tmp_path / "new.xml").read_bytes()


def test_wrong_use_leaves_everything_as_it_was(good: str, tmp_path: Path, commands: Commands) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html>Not found</html>")
    before = Path(good).read_bytes()
    for arguments, sentence in (
        (["check", str(tmp_path / "nothing.xml")], "cannot be read"),
        (["check", str(tmp_path)], "cannot be read"),
        (["convert", good, "--to", good], "--force writes over it"),
        (["convert", str(page), "--to", str(tmp_path / "new.xml")], "no ONIX message"),
        (["convert", good, "--to", str(tmp_path / "no" / "new.xml")], "cannot be written"),
        (["convert", good], "--to"),
    ):
        done = commands.run("onix", *arguments)
        assert (done.status, sentence in done.err) == (2, True), done
    assert Path(good).read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["message.xml", "page.html"]


def test_a_file_may_be_converted_into_its_own_place(good: str, commands: Commands) -> None:
    assert commands.run("onix", "convert", good, "--to", good, "--force").status == 0
    assert commands.run("onix", "check", good).status == 0
