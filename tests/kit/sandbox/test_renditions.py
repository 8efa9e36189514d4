"""Previews made from real files."""

import io
from pathlib import Path

import av
import pytest
from PIL import Image

from lockgate.kit.sandbox.renditions import CannotRender, image_size, render


def picture(size: tuple[int, int] = (400, 200)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return image


async def rendered(path: Path, media_type: str, longest: int = 100) -> Image.Image:
    image = Image.open(io.BytesIO(await render(path, media_type, longest)))
    assert image.format == "JPEG"
    return image


def is_red(image: Image.Image, x: int, y: int) -> bool:
    red, _, blue = image.getpixel((x, y))  # type: ignore[misc]
    return bool(red > 200 and blue < 60)


@pytest.mark.parametrize("kind", ["png", "jpg", "gif", "tif", "webp", "avif", "heic", "bmp", "jp2"])
async def test_an_image_becomes_a_small_jpeg_of_the_same_shape(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"picture.{kind}"
    picture().save(path)
    image = await rendered(path, f"image/{kind}")
    assert image.size == (100, 50)
    assert is_red(image, 10, 25)
    assert not is_red(image, 90, 25)


async def test_a_small_image_is_not_blown_up(tmp_path: Path) -> None:
    picture((40, 20)).save(tmp_path / "small.png")
    assert (await rendered(tmp_path / "small.png", "image/png")).size == (40, 20)


async def test_an_image_that_lies_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    picture().save(tmp_path / "side.jpg", exif=exif)
    image = await rendered(tmp_path / "side.jpg", "image/jpeg")
    assert image.size == (50, 100)
    assert is_red(image, 25, 10)
    assert image_size(tmp_path / "side.jpg") == (200, 400)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "L", "1", "I;16"])
async def test_every_kind_of_pixel_becomes_rgb_on_white(tmp_path: Path, mode: str) -> None:
    image = picture().convert(mode) if mode != "I;16" else Image.new("I;16", (400, 200), 65535)
    if mode in {"RGBA", "LA"}:
        image.putalpha(0)
    image.save(tmp_path / "odd.tif")
    seen = await rendered(tmp_path / "odd.tif", "image/tiff")
    assert seen.mode == "RGB"
    if mode in {"RGBA", "LA", "I;16"}:
        assert min(seen.getpixel((10, 25))) > 250  # type: ignore[arg-type]


async def test_the_first_page_of_a_pdf_is_seen(tmp_path: Path) -> None:
    picture().save(tmp_path / "pages.pdf", save_all=True, append_images=[Image.new("RGB", (10, 10))])
    image = await rendered(tmp_path / "pages.pdf", "application/pdf")
    assert image.size == (100, 50)
    assert is_red(image, 10, 25)


def film(path: Path) -> None:
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 400, 200, "yuv420p"
        for image in (picture(), Image.new("RGB", (400, 200))):
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


async def test_the_first_frame_of_a_video_is_seen(tmp_path: Path) -> None:
    film(tmp_path / "film.mp4")
    image = await rendered(tmp_path / "film.mp4", "video/mp4")
    assert image.size == (100, 50)
    assert is_red(image, 10, 25)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("x.jpg", "image/jpeg"), ("x.pdf", "application/pdf"), ("x.mp4", "video/mp4"), ("x.svg", "image/svg+xml")],
)
async def test_a_broken_file_is_refused_by_name(tmp_path: Path, name: str, media_type: str) -> None:
    (tmp_path / name).write_bytes(b"this is none of it" * 50)
    with pytest.raises(CannotRender, match=name):
        await render(tmp_path / name, media_type, 100)


async def test_half_an_image_is_refused(tmp_path: Path) -> None:
    picture((800, 800)).save(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CannotRender, match="broken"):
        await render(tmp_path / "half.png", "image/png", 100)


async def test_an_image_that_would_fill_the_memory_is_refused_unread(tmp_path: Path) -> None:
    Image.new("1", (12_000, 12_000)).save(tmp_path / "bomb.png")
    with pytest.raises(CannotRender, match="too large"):
        await render(tmp_path / "bomb.png", "image/png", 100)


async def test_sound_and_text_have_no_renditions(tmp_path: Path) -> None:
    for media_type in ("audio/mpeg", "text/plain", "application/zip"):
        with pytest.raises(CannotRender, match=media_type):
            await render(tmp_path / "any", media_type, 100)


def test_a_file_that_is_no_image_has_no_size(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"no")
    assert image_size(tmp_path / "x.jpg") is None
