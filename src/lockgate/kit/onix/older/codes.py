"""Codes of ONIX 2.1 whose list, or whose meaning, is another in 3.0."""

from itertools import product

FORMS = {
    "DG": "EA",  # electronic book text
    "DH": "EC",  # online resource
    "DD": "VI",  # DVD: video, where nothing else is said
    "DO": "EA",  # product licence key; in list 150 the code means another thing
    "FB": "FF",  # film
    "VB": "VJ",
    "VC": "VJ",
    "VG": "VJ",  # VHS, whatever its standard
    "VD": "VK",
    "VE": "VK",
    "VH": "VK",  # Betamax
    "WW": "SA",  # mixed media: a multiple-item product
    "WX": "SA",  # multiple copy pack
}
"""List 7 → 150; any other code stands for the same in both."""
SEVERAL = frozenset({"WW", "WX"})
"""Forms of list 7 that are several items."""
EPUBS = {
    "001": "E105", "002": "E107", "010": "E121", "022": "E127", "023": "E102", "025": "E112", "027": "E117", "029": "E101",
    "030": "E128", "031": "E116", "032": "E133", "033": "E132", "034": "E118", "035": "E119", "036": "E120", "037": "E125",
    "038": "E130", "039": "E131", "040": "E134", "041": "E135", "042": "E136", "043": "E115", "044": "E141", "045": "E142",
    "046": "E143", "047": "E144",
}  # fmt: skip
"""List 10 → 175: the file format of an e-book."""
BOOK_DETAILS = {"01": "B104", "02": "B105", "03": "B106", "04": "B402", "05": "B401", "06": "B501", "07": "B307"}
"""List 8 → 175: bindings."""
EPUB_FORMATS = {
    "01": "E105", "02": "E107", "03": "E126", "04": "E124", "05": "E109", "06": "E102", "08": "E110", "10": "E112", "11": "E127",
}  # fmt: skip
"""List 11 → 175: what an e-book is stored in."""
REGIONS = {"000": "WORLD", "001": "ROW", "002": "GB-APS"}
"""Lists 47 and 52 → 49: the open market of the UK (003, 004) is no region any more."""
IMAGES = {"02": "D501", "03": "D502", "05": "D504"}
"""List 36 → 178: the file format of a cover."""
FILES = IMAGES | {
    "04": "D401", "06": "A105", "07": "A103", "08": "D105", "09": "D503", "10": "A106", "11": "A107", "12": "A104", "13": "A111",
    "14": "D104", "15": "A108", "16": "D103", "17": "D102", "18": "D107", "19": "D108", "20": "D109",
}  # fmt: skip
"""List 39 → 178: that of any other file."""
TEXTS = {
    "01": "03", "02": "02", "03": "03", "04": "04", "05": "06", "06": "07", "07": "06", "08": "06", "09": "10", "10": "08",
    "12": "03", "13": "12", "17": "05", "18": "05", "19": "11", "20": "18", "21": "13", "22": "15", "23": "14", "24": "14",
    "25": "03", "26": "03", "28": "03", "30": "09", "31": "03", "32": "03", "33": "26", "35": "10", "43": "16", "44": "17",
    "47": "20",
}  # fmt: skip
"""List 33 → 153."""
READERS = {"05": "00", "25": "02", "26": "07", "28": "05", "31": "02", "32": "04"}
"""For whom such a text is, by list 33 → 154; any other is for everybody."""
MEDIA = {
    "01": ("28", "03"), "03": ("29", "03"), "04": ("01", "03"), "05": ("29", "03"), "06": ("01", "03"), "07": ("27", "03"),
    "08": ("04", "03"), "10": ("05", "03"), "11": ("06", "03"), "12": ("08", "03"), "16": ("30", "03"), "17": ("09", "03"),
    "18": ("10", "03"), "22": ("25", "03"), "23": ("15", "03"), "24": ("02", "03"), "25": ("02", "03"), "26": ("02", "03"),
    "27": ("03", "03"), "28": ("35", "03"), "31": ("12", "05"), "32": ("11", "05"), "33": ("13", "05"), "34": ("03", "05"),
    "35": ("15", "05"), "36": ("26", "05"), "37": ("17", "05"), "38": ("18", "05"), "41": ("12", "02"), "42": ("11", "02"),
    "43": ("13", "02"), "44": ("15", "02"), "46": ("17", "02"), "47": ("18", "02"), "51": ("15", "01"),
}  # fmt: skip
"""List 38 → content type (158) and mode (159: 01 application, 02 audio, 03 still image, 05 video)."""
AVAILABILITIES = {
    "AB": "01", "AD": "44", "CS": "99", "EX": "43", "IP": "20", "MD": "23", "NP": "10", "NY": "11", "OF": "42", "OI": "40",
    "OP": "51", "OR": "41", "PP": "09", "RF": "43", "RM": "47", "RP": "32", "RU": "32", "TO": "22", "TP": "31", "TU": "30",
    "UR": "33", "WR": "20", "WS": "46",
}  # fmt: skip
"""List 54 → 65."""
RELATIONS = {"14": "00", "15": "00"}
"""List 51 → 51: codes that are no more."""
GONE_FORMATS = frozenset({"00", "01", "04", "08", "09", "10", "11", "12", "13", "14", "15"})
"""Text formats of list 34 that are no more; what they say of a text is read as its default, plain."""


def barcodes() -> dict[str, tuple[str, str | None]]:
    """List 6 → type (141) and position (142): in list 6 both are one code."""
    found: dict[str, tuple[str, str | None]] = {
        "00": ("00", None),
        "01": ("01", None),
        "02": ("02", None),
        "03": ("03", None),
    }
    found |= {"04": ("06", None), "05": ("07", None), "58": ("05", None), "67": ("04", None)}
    found |= {code: (code, None) for code in ("06", "07", "08", "09")}
    placed = product(POSITIONS, ("02", "03", "06", "07", "08", "09"))
    found |= {f"{10 + number}": (kind, position) for number, (position, kind) in enumerate(placed)}
    for first, kind in ((59, "05"), (68, "04")):
        found |= {f"{first + number}": (kind, position) for number, position in enumerate(POSITIONS)}
    return found


POSITIONS = ("01", "02", "03", "06", "07", "08", "09", "10")
"""Cover 4, 3, 2, box, tag, bottom, back, outer sleeve: in the order of list 6."""
BARCODES = barcodes()
