"""Pictures of products from simple shapes, drawn at twice their size and scaled down for smooth edges."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from lockgate.kit.seed.sample.catalogue import Colour

WIDTH, HEIGHT = 900, 720
FLOOR = 500
SCALE = 2
Pen = ImageDraw.ImageDraw


def picture(shape: str, colours: Sequence[Colour], title: str, subtitle: str, zoom: float = 1.0) -> Image.Image:
    """A product on a light ground with its name below; several colours stand side by side."""
    ground = tinted(colours[0], 0.86)
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), ground)
    backdrop(image, ground)
    room = WIDTH * SCALE / len(colours)
    size = min(room * 0.84, 330 * SCALE) * zoom
    for place, colour in enumerate(colours):
        stand(image, shape, colour, (room * (place + 0.5), FLOOR * SCALE - size * 0.46), size)
    image = image.reduce(SCALE)
    label(image, title, subtitle)
    return image


def backdrop(image: Image.Image, ground: Colour) -> None:
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, HEIGHT * SCALE * 0.66, *image.size), fill=shaded(ground, 0.95))


def stand(image: Image.Image, shape: str, colour: Colour, middle: tuple[float, float], size: float) -> None:
    """One product and the shadow it throws, in a frame of its own from (-1, -1) to (1, 1)."""
    x, y = middle
    shadow = Image.new("L", (120, 34), 0)
    ImageDraw.Draw(shadow).ellipse((14, 9, 106, 25), fill=76)
    shadow = shadow.filter(ImageFilter.GaussianBlur(4)).resize((round(size * 1.3), round(size * 0.26)))
    image.paste((40, 40, 50), (round(x - size * 0.65), round(y + size * 0.35)), mask=shadow)
    SHAPES[shape](Frame(ImageDraw.Draw(image), x, y, size / 2), colour)


def label(image: Image.Image, title: str, subtitle: str) -> None:
    pen = ImageDraw.Draw(image)
    for text, size, y, ink in ((title, 40, HEIGHT - 108, (45, 48, 56)), (subtitle, 24, HEIGHT - 54, (105, 108, 118))):
        pen.text((WIDTH / 2, y), text, font=ImageFont.load_default(size), fill=ink, anchor="mm")


class Frame:
    """Draws in units of half a product, so that shapes need not know where they stand."""

    def __init__(self, pen: Pen, x: float, y: float, unit: float) -> None:
        self.pen, self.x, self.y, self.unit = pen, x, y, unit

    def points(self, *numbers: float) -> list[tuple[float, float]]:
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        return [(self.x + across * self.unit, self.y + down * self.unit) for across, down in pairs]

    def box(self, *corners: float, fill: Colour, radius: float = 0.0) -> None:
        self.pen.rounded_rectangle(self.points(*corners), radius * self.unit, fill=fill)

    def oval(self, *corners: float, fill: Colour | None = None, line: Colour | None = None, width: float = 0.0) -> None:
        self.pen.ellipse(self.points(*corners), fill=fill, outline=line, width=max(1, round(width * self.unit)))

    def area(self, *corners: float, fill: Colour) -> None:
        self.pen.polygon(self.points(*corners), fill=fill)

    def stroke(self, *corners: float, fill: Colour, width: float) -> None:
        self.pen.line(self.points(*corners), fill=fill, width=max(1, round(width * self.unit)), joint="curve")


def tinted(colour: Colour, share: float) -> Colour:
    """The colour with this share of white."""
    red, green, blue = (round(part + (255 - part) * share) for part in colour)
    return red, green, blue


def shaded(colour: Colour, share: float) -> Colour:
    red, green, blue = (round(part * share) for part in colour)
    return red, green, blue


def mug(frame: Frame, colour: Colour) -> None:
    frame.oval(0.3, -0.45, 0.95, 0.4, line=shaded(colour, 0.85), width=0.14)
    frame.box(-0.7, -0.7, 0.6, 0.85, fill=colour, radius=0.18)
    frame.box(-0.58, -0.6, -0.42, 0.65, fill=tinted(colour, 0.3), radius=0.08)
    frame.oval(-0.7, -0.86, 0.6, -0.54, fill=shaded(colour, 0.7))
    frame.oval(-0.62, -0.81, 0.52, -0.58, fill=(92, 64, 46))


def bottle(frame: Frame, colour: Colour) -> None:
    frame.box(-0.2, -1.0, 0.2, -0.7, fill=(70, 72, 78), radius=0.06)
    frame.area(-0.2, -0.72, 0.2, -0.72, 0.42, -0.4, -0.42, -0.4, fill=colour)
    frame.box(-0.42, -0.45, 0.42, 0.95, fill=colour, radius=0.12)
    frame.box(-0.32, -0.35, -0.2, 0.75, fill=tinted(colour, 0.35), radius=0.06)
    frame.box(-0.42, 0.2, 0.42, 0.34, fill=shaded(colour, 0.8))


def lamp(frame: Frame, colour: Colour) -> None:
    wood = (190, 150, 104)
    frame.box(-0.06, -0.2, 0.06, 0.85, fill=wood)
    frame.oval(-0.5, 0.74, 0.5, 0.98, fill=shaded(wood, 0.9))
    frame.oval(-0.72, -0.3, 0.72, -0.02, fill=(255, 244, 204))
    frame.area(-0.36, -0.95, 0.36, -0.95, 0.74, -0.16, -0.74, -0.16, fill=colour)
    frame.area(-0.3, -0.95, -0.12, -0.95, -0.34, -0.16, -0.62, -0.16, fill=tinted(colour, 0.25))


def backpack(frame: Frame, colour: Colour) -> None:
    frame.oval(-0.26, -1.05, 0.26, -0.55, line=shaded(colour, 0.7), width=0.1)
    frame.box(-0.7, -0.85, 0.7, 0.92, fill=colour, radius=0.4)
    frame.box(-0.52, 0.1, 0.52, 0.78, fill=shaded(colour, 0.86), radius=0.14)
    frame.stroke(-0.52, 0.26, 0.52, 0.26, fill=shaded(colour, 0.6), width=0.04)
    frame.stroke(-0.56, -0.3, 0.56, -0.3, fill=tinted(colour, 0.4), width=0.05)
    frame.box(-0.06, 0.22, 0.06, 0.4, fill=(230, 230, 226), radius=0.03)


def notebook(frame: Frame, colour: Colour) -> None:
    frame.box(-0.58, -0.88, 0.72, 0.94, fill=(248, 246, 238), radius=0.06)
    frame.box(-0.68, -0.94, 0.64, 0.9, fill=colour, radius=0.06)
    frame.box(-0.68, -0.94, -0.46, 0.9, fill=shaded(colour, 0.82), radius=0.06)
    frame.stroke(0.46, -0.94, 0.46, 0.9, fill=shaded(colour, 0.6), width=0.05)
    frame.box(-0.26, -0.5, 0.26, -0.26, fill=tinted(colour, 0.75), radius=0.03)


def pot(frame: Frame, colour: Colour) -> None:
    leaf = (96, 142, 92)
    for tip, side in ((-0.62, -0.16), (0.62, 0.16), (-0.28, -0.08), (0.3, 0.08), (0.0, 0.12)):
        height = -0.98 if abs(tip) < 0.4 else -0.66
        frame.area(side - 0.1, 0.1, tip, height, side + 0.1, 0.1, fill=shaded(leaf, 1 - abs(tip) / 3))
    frame.area(-0.62, 0.05, 0.62, 0.05, 0.44, 0.84, -0.44, 0.84, fill=colour)
    frame.box(-0.7, -0.02, 0.7, 0.2, fill=shaded(colour, 0.88), radius=0.05)
    frame.oval(-0.56, 0.78, 0.56, 0.96, fill=shaded(colour, 0.75))


def cushion(frame: Frame, colour: Colour) -> None:
    frame.area(
        -0.95,
        -0.8,
        0,
        -0.66,
        0.95,
        -0.8,
        0.8,
        0.08,
        0.95,
        0.92,
        0,
        0.8,
        -0.95,
        0.92,
        -0.8,
        0.08,
        fill=shaded(colour, 0.92),
    )
    frame.box(-0.8, -0.66, 0.8, 0.8, fill=colour, radius=0.22)
    for place in (-0.4, 0.07, 0.54):
        frame.stroke(-0.66, place, 0.66, place, fill=tinted(colour, 0.35), width=0.07)


def clock(frame: Frame, colour: Colour) -> None:
    frame.oval(-0.95, -0.95, 0.95, 0.95, fill=colour)
    frame.oval(-0.78, -0.78, 0.78, 0.78, fill=(250, 249, 245))
    for mark in ((0, -0.7, 0, -0.58), (0, 0.7, 0, 0.58), (-0.7, 0, -0.58, 0), (0.7, 0, 0.58, 0)):
        frame.stroke(*mark, fill=(90, 92, 98), width=0.05)
    hands = ((-0.36, -0.24), (0.0, 0.0), (0.3, -0.5))
    for one, other in pairwise(hands):
        frame.stroke(*one, *other, fill=(52, 54, 60), width=0.07)
    frame.oval(-0.07, -0.07, 0.07, 0.07, fill=colour)


SHAPES: dict[str, Callable[[Frame, Colour], None]] = {
    "mug": mug,
    "bottle": bottle,
    "lamp": lamp,
    "backpack": backpack,
    "notebook": notebook,
    "pot": pot,
    "cushion": cushion,
    "clock": clock,
}
