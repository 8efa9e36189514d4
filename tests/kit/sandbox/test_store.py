"""What a sandbox remembers."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from lockgate.kit.sandbox import Store


@pytest.fixture(params=["memory", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "state" if request.param == "folder" else None)
    yield opened
    opened.close()


def test_a_document_is_there_until_it_is_deleted(store: Store) -> None:
    store.put("asset", 7, {"name": "Hütte", "tags": [1, None]})
    assert store.get("asset", "7") == {"name": "Hütte", "tags": [1, None]}
    assert store.get("folder", 7) is None
    assert store.delete("asset", 7)
    assert not store.delete("asset", 7)
    assert store.get("asset", 7) is None


def test_documents_keep_the_order_they_came_in_even_when_replaced(store: Store) -> None:
    store.put_many("asset", ((n, {"n": n}) for n in range(1200)))
    store.put("asset", 0, {"n": "changed"})
    found = [doc["n"] for doc in store.all("asset")]
    assert found == ["changed", *range(1, 1200)]
    assert store.counts() == {"asset": 1200}


def test_documents_may_be_written_while_they_are_read(store: Store) -> None:
    store.put_many("asset", ((n, {"n": n}) for n in range(600)))
    for doc in store.all("asset"):
        store.put("asset", doc["n"], {"n": doc["n"], "seen": True})
    assert sum(doc["seen"] for doc in store.all("asset")) == 600


def test_sequences_count_on_from_their_start(store: Store) -> None:
    assert [store.next_id("asset", 100) for _ in range(3)] == [100, 101, 102]
    assert store.next_id("folder", 5) == 5


def write_then_fail(store: Store) -> None:
    with store.transaction():
        store.put("asset", 1, {"name": "new"})
        with store.transaction():
            store.put("asset", 2, {"name": "new"})
        raise RuntimeError("half way")


def test_a_transaction_that_fails_leaves_nothing_behind(store: Store) -> None:
    store.put("asset", 1, {"name": "old"})
    with pytest.raises(RuntimeError, match="half way"):
        write_then_fail(store)
    assert list(store.all("asset")) == [{"name": "old"}]


def test_the_same_bytes_are_kept_once_wherever_they_come_from(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"bytes")
    digest = store.blob_put(b"bytes")
    assert store.blob_put(file) == digest == hashlib.sha256(b"bytes").hexdigest()
    assert store.blob_path(digest).read_bytes() == b"bytes"
    assert file.exists()
    assert [path.name for path in store.blobs.rglob("*") if path.is_file()] == [digest]


def test_a_moved_file_is_gone_from_where_it_was(store: Store) -> None:
    for text in (b"one", b"two", b"one"):
        file = store.spool / "upload"
        file.write_bytes(text)
        digest = store.blob_put(file, move=True)
        assert store.blob_path(digest).read_bytes() == text
        assert not file.exists()


def test_clearing_forgets_everything_but_settings(store: Store) -> None:
    store.db.execute("CREATE TABLE names (id INTEGER, name TEXT)")
    store.db.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
    store.db.execute("INSERT INTO names VALUES (1, 'x')")
    store.db.execute("INSERT INTO words VALUES ('searchable')")
    store.put("asset", store.next_id("asset", 9), {"name": "x"})
    digest = store.blob_put(b"bytes")
    store.set_setting("manifest", {"made": 1})
    assert store.counts() == {"asset": 1, "names": 1, "words": 1}

    store.clear()

    assert store.counts() == {}
    assert store.db.execute("SELECT count(*) FROM names").fetchone() == (0,)
    assert store.db.execute("SELECT count(*) FROM words WHERE words MATCH 'searchable'").fetchone() == (0,)
    assert store.next_id("asset", 9) == 9
    assert not store.blob_path(digest).exists()
    assert store.setting("manifest") == {"made": 1}
    store.blob_put(b"bytes")


def test_a_folder_keeps_documents_files_and_sequences(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.put("asset", 1, {"name": "kept"})
    first.next_id("asset", 10)
    digest = first.blob_put(b"bytes")
    first.close()
    second = Store(tmp_path)
    assert second.get("asset", 1) == {"name": "kept"}
    assert second.next_id("asset", 10) == 11
    assert second.blob_path(digest).read_bytes() == b"bytes"
    second.close()


def test_memory_leaves_no_files_behind() -> None:
    store = Store()
    store.blob_put(b"bytes")
    store.close()
    assert not store.folder.exists()
