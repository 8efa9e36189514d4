"""The portal's SQL-like conditions: `article_number LIKE 'AB-%' AND NOT status IN ('draft', 'rejected')`.

    expr   := term { OR term } ;  term := factor { AND factor }
    factor := "(" expr ")" | NOT factor | pred
    pred   := field ("="|"!="|"<"|"<="|">"|">=") lit | field [NOT] LIKE str
            | field [NOT] IN "(" lit {"," lit} ")" | field IS [NOT] NULL
    lit    := 'single quoted, '' escapes' | number | TRUE | FALSE

Reading only; what a condition means for an object is in `conditions`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import bad

Literal = str | int | float | bool
DEEPEST = 40


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expr"


@dataclass(frozen=True, slots=True)
class Test:
    """One predicate; `operator` is a comparison, LIKE, IN or NULL, `negated` its NOT."""

    field: str
    operator: str
    literals: tuple[Literal, ...] = ()
    negated: bool = False


Expr = All | Some | Not | Test

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')
           |(?P<number>-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?(?![\w.]))
           |(?P<word>[A-Za-z_]\w*)
           |(?P<mark><=|>=|!=|=|<|>|\(|\)|,))""",
    re.VERBOSE | re.ASCII,
)
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_KEYWORDS = frozenset({"AND", "OR", "NOT", "LIKE", "IN", "IS", "NULL", "TRUE", "FALSE"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int

    @property
    def keyword(self) -> str | None:
        upper = self.text.upper()
        return upper if self.kind == "word" and upper in _KEYWORDS else None


def parse(text: str) -> Expr:
    """Read a condition; 400 with what was expected and where when it is none."""
    return _Parser(text).whole()


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            bad(f"Query: cannot read '{text[at : at + 20].strip()}' at position {at}")
        yield _Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup))
        at = found.end()
    yield _Token("end", "end of query", end)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0

    def whole(self) -> Expr:
        found = self._expr()
        if self._next.kind != "end":
            self._expected("AND, OR or the end")
        return found

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += token.kind != "end"
        return token

    def _expected(self, what: str) -> None:
        bad(f"Query: expected {what}, found '{self._next.text}' at position {self._next.at}")

    def _accept(self, keyword: str) -> bool:
        if self._next.keyword != keyword:
            return False
        self._at += 1
        return True

    def _mark(self, mark: str) -> None:
        if self._next.kind != "mark" or self._next.text != mark:
            self._expected(f"'{mark}'")
        self._at += 1

    def _expr(self) -> Expr:
        parts = [self._term()]
        while self._accept("OR"):
            parts.append(self._term())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _term(self) -> Expr:
        parts = [self._factor()]
        while self._accept("AND"):
            parts.append(self._factor())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _factor(self) -> Expr:
        self._depth += 1
        if self._depth > DEEPEST:
            bad(f"Query: nested deeper than {DEEPEST} levels")
        found = self._nested()
        self._depth -= 1
        return found

    def _nested(self) -> Expr:
        if self._accept("NOT"):
            return Not(self._factor())
        if self._next.kind == "mark" and self._next.text == "(":
            self._at += 1
            inner = self._expr()
            self._mark(")")
            return inner
        return self._predicate()

    def _predicate(self) -> Expr:
        if self._next.kind != "word" or self._next.keyword:
            self._expected("a field name")
        field = self._take().text
        if self._next.kind == "mark" and self._next.text in _COMPARISONS:
            return Test(field, self._take().text, (self._literal(),))
        if self._accept("IS"):
            return self._null(field)
        return self._like_or_in(field, negated=self._accept("NOT"))

    def _null(self, field: str) -> Test:
        negated = self._accept("NOT")
        if not self._accept("NULL"):
            self._expected("NULL")
        return Test(field, "NULL", negated=negated)

    def _like_or_in(self, field: str, *, negated: bool) -> Test:
        if self._accept("LIKE"):
            if self._next.kind != "text":
                self._expected("a text in single quotes")
            return Test(field, "LIKE", (self._literal(),), negated)
        if not self._accept("IN"):
            self._expected("LIKE or IN" if negated else "a comparison, LIKE, IN or IS")
        return Test(field, "IN", self._list(), negated)

    def _list(self) -> tuple[Literal, ...]:
        self._mark("(")
        found = [self._literal()]
        while self._next.text == "," and self._next.kind == "mark":
            self._at += 1
            found.append(self._literal())
        self._mark(")")
        return tuple(found)

    def _literal(self) -> Literal:
        token = self._next
        if token.kind not in {"text", "number"} and token.keyword not in {"TRUE", "FALSE"}:
            self._expected("a text in single quotes, a number, TRUE or FALSE")
        self._at += 1
        if token.kind == "text":
            return token.text[1:-1].replace("''", "'")
        if token.kind == "number":
            return float(token.text) if re.search(r"[.eE]", token.text) else int(token.text)
        return token.keyword == "TRUE"
