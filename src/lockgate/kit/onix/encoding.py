"""The bytes of a message as UTF-8, whatever they are declared to be."""

import codecs
import re

from lockgate.kit.onix.problems import Problem, error, warning

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; the longer first where one begins like another."""
BARE = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
"""How a message begins that has two or four bytes to a character and no mark."""
DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([A-Za-z][\w.:-]*)[\"'][^>]*\?>")
KNOWN = re.compile(
    r"utf-8|ascii|iso8859-\d+|latin-?1|cp\d+|mac-\w+|koi8-[rtu]|shift_jis\w*|euc_\w+|gb\w+|big5\w*|iso2022_\w+|utf-(16|32)(-[lb]e)?"
)
"""Encodings that are text; Python knows further ones that are not (`zip`), or that hide markup (`utf-7`)."""
ENOUGH = 1024
"""Bytes that hold the XML declaration of any message."""


class Decoder:
    """Takes the bytes of a message piece by piece and gives them as UTF-8, without mark; what is UTF-8 passes as it is."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.encoding = ""
        """Known from the first bytes on."""
        self._held = b""
        self._decoder: codecs.IncrementalDecoder | None = None

    def feed(self, data: bytes, *, final: bool = False) -> bytes:
        """The next bytes; nothing comes until the declaration is there."""
        if not self.encoding:
            self._held += data
            if len(self._held) < ENOUGH and not final:
                return b""
            data, self._held = self._begin(self._held), b""
        if self._decoder is None:
            return data
        return self._decoder.decode(data, final).encode("utf-8", "surrogatepass")

    def _begin(self, data: bytes) -> bytes:
        """Settle the encoding by the mark, the first bytes and the declaration; the bytes behind the mark."""
        mark, marked = next(((mark, name) for mark, name in MARKS if data.startswith(mark)), (b"", ""))
        data = data[len(mark) :]
        bare = "" if marked else next((name for begin, name in BARE if data.startswith(begin)), "")
        self.encoding = marked or bare or self._declared(data)
        if self.encoding != "utf-8":
            self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        return data

    def _declared(self, data: bytes) -> str:
        """What the declaration says, where it can be true: UTF-16 cannot, or it could not have been read."""
        found = DECLARATION.match(data)
        stated = found[1].decode() if found else "utf-8"
        try:
            name = codecs.lookup(stated).name
        except LookupError:
            name = ""
        if not KNOWN.fullmatch(name):
            self.problems.append(error("encoding", f"the encoding {stated} is not known; it was read as UTF-8", 1))
            return "utf-8"
        if name.startswith(("utf-16", "utf-32")):
            said = f"the message says that it is in {stated}, which it is not; it was read as UTF-8"
            self.problems.append(warning("encoding", said, 1))
            return "utf-8"
        return "utf-8" if name == "ascii" else name
