"""The content that ships: complete, repeatable, and read back as it was written."""

import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from lockgate.kit.seed import FATES, Content, SeedOptions, assign, expected, generate, load
from lockgate.model import codes

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample")
    generate(path, seed=4)
    return path


@pytest.fixture(scope="module")
def sample(folder: Path) -> Content:
    return load(folder, SeedOptions(seed=4), NOW)


def test_it_holds_pictures_documents_and_two_broken_files(sample: Content) -> None:
    assert 55 <= len(sample.assets) <= 65
    assert {asset.media_type for asset in sample.assets} == {
        "image/jpeg", "image/png", "image/webp", "image/tiff", "application/pdf",
    }  # fmt: skip
    broken = {asset.filename: asset.problem for asset in sample.assets if asset.problem}
    assert set(broken) == {"LG-MUG-empty.jpg", "LG-CLK-cut.jpg"}
    assert broken["LG-MUG-empty.jpg"] == "is empty (0 bytes)"
    assert sample.problems == []
    assert sample.notes == []


def test_its_products_have_valid_gtins_and_families_with_a_product_of_their_own(sample: Content) -> None:
    skus = {product.sku for product in sample.products}
    variants = [product for product in sample.products if product.parent]
    assert (len(sample.products), len(variants)) == (40, 32)
    assert all(product.family in skus and codes.gtin(product.gtin or "") for product in variants)
    assert all(set(product.name) == {"de", "en"} for product in sample.products)


def test_every_fate_occurs_and_the_account_balances(sample: Content) -> None:
    assert {asset.fate for asset in sample.assets} == set(FATES)
    account = expected(sample)
    assert (
        account.read
        == len(sample.assets)
        == account.written + sum([*account.blocked.values(), *account.parked.values()])
    )
    assert {asset.filename for asset in sample.assets if asset.fate_stated} >= {
        asset.filename for asset in sample.assets if asset.rights_until and str(asset.rights_until) < "2026"
    }


def test_rights_are_read_back_in_every_picture_format(sample: Content) -> None:
    for suffix in ("jpg", "png", "webp", "tif"):
        found = [asset for asset in sample.assets if asset.filename.endswith(suffix) and not asset.problem]
        assert all(asset.copyright and asset.credit and set(asset.title) == {"de", "en"} for asset in found), suffix
    assert any(asset.usage_terms and "trade and press" in asset.usage_terms for asset in sample.assets)
    assert any(asset.campaigns for asset in sample.assets)


def test_pictures_belong_to_the_products_they_are_named_after(sample: Content) -> None:
    by_gtin = {product.gtin: product.sku for product in sample.products if product.gtin}
    fronts = [asset for asset in sample.assets if asset.filename.endswith("-front.jpg") and asset.fate == "deliver"]
    for asset in fronts:
        sku = asset.sku or by_gtin.get(asset.gtin or "") or asset.family
        assert sku is not None
        assert asset.filename.startswith(sku)


def test_the_same_seed_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path, seed=4)
    assert digests(tmp_path) == digests(folder)


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def test_another_seed_sells_other_colours(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path, seed=5)
    assert set(digests(tmp_path)) != set(digests(folder))


def test_assigning_again_starts_from_what_files_state(sample: Content) -> None:
    again = assign(sample, seed=4, now=NOW)
    assert [(asset.fate, asset.sku) for asset in again.assets] == [(asset.fate, asset.sku) for asset in sample.assets]


def test_the_command_describes_a_folder(folder: Path) -> None:
    run = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "lockgate.kit.seed", str(folder), "--seed", "4"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "broken/LG-MUG-empty.jpg is empty (0 bytes)" in run.stdout
    assert "parked, product.missing" in run.stdout


def test_the_command_refuses_a_missing_folder(tmp_path: Path) -> None:
    run = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "lockgate.kit.seed", str(tmp_path / "no")], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert "is not a folder" in run.stderr
