"""What the sample shop sells: eight product lines in four colours each."""

from random import Random

import msgspec
from stdnum import ean

from lockgate.model.item import Text

Colour = tuple[int, int, int]


class Shade(msgspec.Struct, frozen=True):
    code: str
    de: str
    en: str
    rgb: Colour


class Line(msgspec.Struct, frozen=True):
    """A product line: the family its variants belong to."""

    code: str
    shape: str
    de: str
    en: str
    category: str
    price: float
    text_de: str
    text_en: str


class Variant(msgspec.Struct, frozen=True):
    sku: str
    gtin: str
    line: Line
    shade: Shade
    price: str

    @property
    def name(self) -> Text:
        return {"de": f"{self.line.de}, {self.shade.de}", "en": f"{self.line.en}, {self.shade.en}"}


SHADES = (
    Shade("SAGE", "salbeigrün", "sage green", (138, 164, 132)),
    Shade("CORAL", "koralle", "coral", (232, 121, 101)),
    Shade("NAVY", "nachtblau", "navy blue", (44, 62, 98)),
    Shade("SUN", "sonnengelb", "sun yellow", (240, 189, 72)),
    Shade("PLUM", "pflaume", "plum", (122, 74, 112)),
    Shade("SKY", "himmelblau", "sky blue", (120, 176, 214)),
    Shade("SAND", "sand", "sand", (214, 190, 154)),
    Shade("COAL", "kohle", "charcoal", (74, 78, 84)),
)

LINES = (
    Line("LG-MUG", "mug", "Becher Fjord", "Fjord mug", "Kitchen > Mugs", 14.9,
         "Steingut, 350 ml, spülmaschinenfest.", "Stoneware, 350 ml, dishwasher safe."),
    Line("LG-BTL", "bottle", "Trinkflasche Tarn", "Tarn bottle", "Kitchen > Bottles", 24.5,
         "Doppelwandiger Edelstahl, hält zwölf Stunden kalt.", "Double-walled steel, keeps cold for twelve hours."),
    Line("LG-LMP", "lamp", "Tischleuchte Holm", "Holm table lamp", "Living > Lamps", 79.0,
         "Schirm aus Metall, Fuß aus Esche, dimmbar.", "Metal shade on an ash foot, dimmable."),
    Line("LG-BAG", "backpack", "Rucksack Strand", "Strand backpack", "Travel > Bags", 89.9,
         "18 Liter, wasserabweisend, Fach für 15-Zoll-Geräte.", "18 litres, water-repellent, sleeve for 15 inch devices."),
    Line("LG-NTB", "notebook", "Notizbuch Kvart", "Kvart notebook", "Desk > Notebooks", 12.0,
         "A5, punktiert, 192 Seiten, fadengeheftet.", "A5, dotted, 192 pages, thread-bound."),
    Line("LG-POT", "pot", "Pflanztopf Mo", "Mo plant pot", "Living > Pots", 19.0,
         "Terrakotta, glasiert, 16 cm, mit Untersetzer.", "Glazed terracotta, 16 cm, with saucer."),
    Line("LG-CSH", "cushion", "Kissen Lyng", "Lyng cushion", "Living > Cushions", 34.5,
         "45 × 45 cm, Bezug aus Leinen, waschbar.", "45 × 45 cm, washable linen cover."),
    Line("LG-CLK", "clock", "Wanduhr Tolv", "Tolv wall clock", "Living > Clocks", 49.0,
         "Lautloses Uhrwerk, 28 cm.", "Silent movement, 28 cm."),
)  # fmt: skip


def variants(rng: Random) -> list[Variant]:
    """Four colours of every line, which ones is the seed's."""
    made: list[Variant] = []
    for line in LINES:
        for shade in rng.sample(SHADES, 4):
            number = len(made) + 1
            price = f"{line.price + rng.choice((0, 0, 2, 5)):.2f}"
            made.append(Variant(f"{line.code}-{shade.code}", gtin(number), line, shade, price))
    return made


def gtin(number: int) -> str:
    """A GTIN-13 with the prefix 952, which GS1 keeps for demonstrations."""
    digits = f"9524711{number:05d}"
    return digits + str(ean.calc_check_digit(digits))
