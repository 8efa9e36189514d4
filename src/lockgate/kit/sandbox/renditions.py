"""Renditions made from real files: JPEGs of images, first pages of PDFs and first frames of videos.

The `render_…` functions are plain and slow; handlers call `render`, which runs them in a thread.
"""

import asyncio
import contextlib
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pillow_heif
import pypdfium2
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

# A picture beyond this is a mistake or an attack; 16-bit work on it would take gigabytes.
MOST_PIXELS = 120_000_000
QUALITY = 85
# Named, because Pillow would hand some others (EPS) to programs outside.
FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "AVIF", "HEIF", "PSD", "BMP", "JPEG2000")
_pdfium = threading.Lock()  # pdfium may be used by one thread at a time

pillow_heif.register_heif_opener()


class CannotRender(Exception):
    """There is no rendition of this file; the message says why, in a sentence."""


async def render(path: Path, media_type: str, longest: int) -> bytes:
    """A JPEG whose longer side is at most `longest` pixels. CannotRender when the file is broken or of no such kind."""
    return await asyncio.to_thread(_renderer(media_type), path, longest)


def can_render(media_type: str) -> bool:
    """Whether files of this type have renditions at all."""
    return media_type == "application/pdf" or media_type.partition("/")[0] in {"image", "video"}


def render_image(path: Path, longest: int) -> bytes:
    """A JPEG of an image, upright as its EXIF orientation says."""
    with _broken_is_said(path, "image"), Image.open(path, formats=FORMATS) as image:
        _bounded(image.size, path)
        image.draft("RGB", (longest, longest))
        return _jpeg(ImageOps.exif_transpose(image), longest)


def render_pdf(path: Path, longest: int) -> bytes:
    """A JPEG of the first page of a PDF."""
    with _broken_is_said(path, "PDF"), _pdfium, contextlib.closing(pypdfium2.PdfDocument(path)) as document:
        if not len(document):
            raise CannotRender(f"{path.name} has no pages.")
        page = document[0]
        image: Image.Image = page.render(scale=longest / max(*page.get_size(), 1)).to_pil()
        return _jpeg(image, longest)


def render_video(path: Path, longest: int) -> bytes:
    """A JPEG of the first frame of a video, turned as the video says."""
    with _broken_is_said(path, "video"), av.open(path) as container:
        if not container.streams.video:
            raise CannotRender(f"{path.name} has no picture, only sound.")
        frame = next(container.decode(video=0), None)
        if frame is None:
            raise CannotRender(f"{path.name} has no frame that can be read.")
        _bounded((frame.width, frame.height), path)
        image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV leaves it untyped
        return _jpeg(image.rotate(frame.rotation, expand=True), longest)


def image_size(path: Path) -> tuple[int, int] | None:
    """Width and height of an image as it is seen upright, or None when it is no image that can be read."""
    try:
        with _broken_is_said(path, "image"), Image.open(path, formats=FORMATS) as image:
            width, height = image.size
            # EXIF orientations from 5 on lie on their side.
            return (height, width) if image.getexif().get(0x0112, 1) >= 5 else (width, height)
    except CannotRender:
        return None


def _renderer(media_type: str) -> Callable[[Path, int], bytes]:
    if not can_render(media_type):
        raise CannotRender(f"There are no renditions of {media_type} files.")
    if media_type == "application/pdf":
        return render_pdf
    return render_video if media_type.startswith("video/") else render_image


@contextlib.contextmanager
def _broken_is_said(path: Path, kind: str) -> Iterator[None]:
    """Every way a library has of refusing a file becomes one sentence."""
    try:
        yield
    except UnidentifiedImageError as problem:
        raise CannotRender(f"{path.name} is not an image of a kind that can be read.") from problem
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise CannotRender(f"{path.name} is too large to be rendered.") from problem
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, av.FFmpegError, pypdfium2.PdfiumError) as problem:
        raise CannotRender(f"{path.name} is broken: this {kind} cannot be read ({problem}).") from problem


def _bounded(size: tuple[int, int], path: Path) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise CannotRender(f"{path.name} is too large to be rendered: {size[0]} by {size[1]} pixels.")


def _jpeg(image: Image.Image, longest: int) -> bytes:
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    image.thumbnail((longest, longest))
    target = io.BytesIO()
    # The profile is spent: its colours have been turned to sRGB. In a small preview it would outweigh the picture.
    _flat(_srgb(image)).save(target, "JPEG", quality=QUALITY, icc_profile=None)
    return target.getvalue()


def _srgb(image: Image.Image) -> Image.Image:
    """The colours as sRGB, where the image says what they are; a profile that cannot be read is no reason to fail."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "CMYK", "L"}:
        return image
    try:
        turned = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return image
    return turned or image


def _flat(image: Image.Image) -> Image.Image:
    """RGB without transparency: what lies beneath is white."""
    if image.has_transparency_data:
        over = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", over.size, "white"), over).convert("RGB")
    return image.convert("RGB")
