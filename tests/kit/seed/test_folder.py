"""Which files of a folder become assets, and what is said of the others."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from lockgate.kit.seed import Content, read_folder

Jpeg = Callable[..., Path]


def names(content: Content) -> list[str]:
    return [asset.filename for asset in content.assets]


def told(content: Content) -> dict[str, str]:
    return {problem.path: problem.sentence for problem in content.problems}


def test_assets_come_in_the_order_of_their_paths_with_size_and_digest(tmp_path: Path, jpeg: Jpeg) -> None:
    for name in ("z.jpg", "deep/er/a.jpg", "a.jpg"):
        jpeg(name)
    content = read_folder(tmp_path)
    assert [asset.path.relative_to(tmp_path).as_posix() for asset in content.assets] == [
        "a.jpg",
        "deep/er/a.jpg",
        "z.jpg",
    ]
    data = (tmp_path / "a.jpg").read_bytes()
    assert (content.assets[0].size, content.assets[0].sha256) == (len(data), sha256(data).hexdigest())


def test_what_only_tells_about_the_folder_is_no_asset(tmp_path: Path, jpeg: Jpeg) -> None:
    jpeg("a.jpg")
    for name in ("README.md", "LICENSE", ".hidden.jpg", "Thumbs.db", "~$open.xlsx"):
        (tmp_path / name).write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "b.jpg").write_text("x")
    content = read_folder(tmp_path)
    assert names(content) == ["a.jpg"]
    assert content.problems == []


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path, jpeg: Jpeg) -> None:
    outside = jpeg("outside/secret.jpg")
    jpeg("inside/a.jpg")
    inside = tmp_path / "inside"
    (inside / "file.jpg").symlink_to(outside)
    (inside / "folder").symlink_to(outside.parent)
    (inside / "loop").symlink_to(inside)
    (inside / "nowhere.jpg").symlink_to(tmp_path / "missing.jpg")
    (inside / "same.jpg").symlink_to(inside / "a.jpg")
    content = read_folder(inside)
    assert names(content) == ["a.jpg", "same.jpg"]
    assert told(content) == {
        "file.jpg": "is a link that leads out of the folder; not followed",
        "folder": "is a link that leads out of the folder; not followed",
        "loop": "is a link to a folder; not followed",
        "nowhere.jpg": "is a link that leads nowhere; left out",
    }


def test_names_with_odd_characters_work(tmp_path: Path, jpeg: Jpeg) -> None:
    data = jpeg("Ä ö#?%&'\"\n.jpg").read_bytes()
    raw = os.fsencode(tmp_path) + b"/\xff\xfe.jpg"
    with open(raw, "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write(data)
    content = read_folder(tmp_path)
    assert sorted(names(content)) == sorted(["Ä ö#?%&'\"\n.jpg", "\ufffd\ufffd.jpg"])
    assert all(asset.path.read_bytes() == data for asset in content.assets)


def test_what_is_no_file_is_reported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert told(read_folder(tmp_path)) == {"pipe.jpg": "is no regular file; left out"}


def test_onix_and_orphaned_sidecars_are_reported(tmp_path: Path, xmp: Callable[[str], str]) -> None:
    (tmp_path / "books.xml").write_text('<?xml version="1.0"?><ONIXMessage release="3.0"/>')
    (tmp_path / "lonely.xmp").write_text(xmp("<dc:title>x</dc:title>"))
    content = read_folder(tmp_path)
    assert content.assets == []
    assert told(content) == {
        "books.xml": "is an ONIX message, neither asset nor product table; not carried",
        "lonely.xmp": "is a sidecar, but no file of its name lies beside it; left out",
    }


def test_the_bytes_say_what_a_file_is_when_its_name_lies(tmp_path: Path, jpeg: Jpeg) -> None:
    jpeg("picture.png")
    jpeg("no-suffix")
    assert [asset.media_type for asset in read_folder(tmp_path).assets] == ["image/jpeg", "image/jpeg"]


def test_a_missing_folder_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="is not a folder"):
        read_folder(tmp_path / "missing")


def test_a_mapping_that_says_nonsense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a mapping cannot say colour"):
        read_folder(tmp_path, {"colour": "Farbe"})
