"""SPARQL text -> what it asks for: a real parse, and the same query written anew for the engine.

The engine never sees what was sent. It gets the tokens that were parsed here, each in a form that can't be read in two
ways: no comments, no escapes outside strings, one space between tokens. So nothing that one parser takes for a comment,
a name or a string can be taken for a keyword by another. `docs/decisions/0005-query-gate.md` gives the reasons.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from io import BytesIO
from urllib.parse import urljoin

from lark import Lark, Token, Tree, UnexpectedInput

from kg.sparql_faults import arguments_fault, fault, line_and_column, shown, told
from kg.sparql_terms import CANONICAL, decoded_iri, expanded

Node = Tree[Token]
_parsers: list[Lark] = []  # the one in use, once it is needed
_FORMS = {"select_query": "select", "construct_query": "construct", "describe_query": "describe", "ask_query": "ask"}
_OPENING = {"{", "(", "["}
_CALLED = {"FUNCTION", "AGGREGATE"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PUNCTUATION = {"LPAR", "RPAR", "COMMA"}
# Rules whose children nest in the engine's algebra, one in another: n of them cost as much stack as n brackets.
_CHAINS = {
    "group_body", "alternatives", "projection", "path", "path_sequence", "expression", "conjunction", "sum", "product",
    "triples", "group_clause",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    `form` is `select`, `ask`, `construct` or `describe`; `text` is the query for the engine, on one line. `services`
    holds the target of each SERVICE clause anywhere in it, `from_default` and `from_named` the graphs of its dataset
    clauses: absolute IRIs, or None for what has none (a variable, a relative IRI without base). `depth` is how deep the
    engine will have to nest.
    """

    form: str
    text: str
    services: tuple[str | None, ...] = ()
    from_default: tuple[str | None, ...] = ()
    from_named: tuple[str | None, ...] = ()
    depth: int = 0
    _source: str = field(default="", repr=False)
    _places: tuple[tuple[int, int], ...] = field(default=(), repr=False)

    @property
    def has_dataset(self) -> bool:
        """Whether the query names its graphs itself."""
        return bool(self.from_default or self.from_named)

    def place(self, column: int) -> tuple[int, int]:
        """Return line and column (from 1) in the text as sent, for a 1-based column of `text`."""
        starts = [own for own, _ in self._places]
        found = max(bisect_right(starts, column - 1) - 1, 0)
        return line_and_column(self._source, self._places[found][1] if self._places else 0)


def parse(text: str, prefixes: Mapping[str, str] | None = None, base: str | None = None) -> Query:
    """Return the parsed query; `prefixes` are known without being declared.

    Raises QuerySyntaxError with line and column; UpdateError, a kind of it, for SPARQL Update.
    """
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise told(text, error) from error
    _check_arguments(text, tree)
    names = _Names(text, tree, dict(prefixes or {}), base)
    depth, tokens = _measured(tree)
    written, places = _written(text, tokens, names)
    return Query(
        form=_FORMS[str(tree.children[1].data)],  # type: ignore[union-attr]
        text=written,
        services=names.targets("service"),
        from_default=names.targets("from_default"),
        from_named=names.targets("from_named"),
        depth=depth,
        _source=text,
        _places=places,
    )


def compiled() -> bytes:
    """Return the parser's tables, which another process of this server can `adopt` instead of making them again."""
    buffer = BytesIO()
    _parser().save(buffer)
    return buffer.getvalue()


def adopt(tables: bytes) -> None:
    """Parse with tables that `compiled` returned, in a tenth of the time that it takes to make them."""
    _parsers[:] = [Lark.load(BytesIO(tables))]


def _parser() -> Lark:
    if not _parsers:
        grammar = (resources.files("kg") / "sparql.lark").read_text(encoding="utf-8")
        _parsers.append(Lark(grammar, parser="lalr", lexer="basic", keep_all_tokens=True, maybe_placeholders=False))
    return _parsers[0]


def _measured(tree: Node) -> tuple[int, list[Token]]:
    """Return how deep the query nests and its tokens in order; no recursion, since the depth isn't checked yet."""
    tokens: list[Token] = []
    deepest = 0
    waiting: list[tuple[Node | Token, int]] = [(tree, 0)]
    while waiting:
        item, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(item, Token):
            tokens.append(item)
            continue
        weight = max(sum(map(_is_link, item.children)) - 1, 0) if item.data in _CHAINS else 0
        weight += sum(child in _OPENING for child in item.children if isinstance(child, Token))
        waiting.extend((child, depth + weight) for child in reversed(item.children))
    return deepest, tokens


def _is_link(child: Node | Token) -> bool:
    """Whether this is an item of a chain rather than what stands between items; `+1` in `1+1` is one token."""
    return isinstance(child, Tree) or child.type.startswith("NUMBER")


def _check_arguments(text: str, tree: Node) -> None:
    for call in _subtrees(tree):
        if call.data == "function":
            name = call.children[0]
            given = sum(not isinstance(c, Token) or c.type not in _PUNCTUATION for c in call.children[1:])
            wrong = arguments_fault(str(name), given)
            if wrong and isinstance(name, Token):
                raise fault(text, name.start_pos or 0, wrong)


def _subtrees(tree: Node) -> Iterator[Node]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(child for child in reversed(node.children) if isinstance(child, Tree))


def _written(text: str, tokens: list[Token], names: _Names) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the query for the engine and, for each token, where it starts there and in `text`."""
    written = ""
    places: list[tuple[int, int]] = []
    before = ""
    for token in tokens:
        write: Callable[[str], str | None] = CANONICAL.get(token.type, str)
        own = write(str(token)) if token.type != "BLANK_NODE_LABEL" else names.blank(token)
        if own is None:
            raise fault(text, token.start_pos or 0, f"{shown(str(token))} isn't well formed")
        if before not in _CALLED or token.type != "LPAR":  # the engine takes no space in `CONCAT (`
            written += " "
        places.append((len(written), token.start_pos or 0))
        written += own
        before = token.type
    return written, tuple(places)


class _Names:
    """The IRIs that a query's names stand for."""

    def __init__(self, text: str, tree: Node, prefixes: dict[str, str], base: str | None) -> None:
        self._text = text
        self._tree = tree
        self._prefixes = prefixes
        self._base = base
        self._blanks: dict[str, str] = {}
        for declaration in _subtrees(tree):
            if declaration.data == "base_declaration":
                self._base = self._absolute(self._token(declaration, 1))
            elif declaration.data == "prefix_declaration":
                name = str(self._token(declaration, 1))[:-1]
                self._prefixes[name] = self._absolute(self._token(declaration, 2)) or ""
        self._check_names()

    @staticmethod
    def _token(node: Node, position: int) -> Token:
        return node.children[position]  # type: ignore[return-value]

    def blank(self, token: Token) -> str:
        """Return a plain label for a blank node."""
        return self._blanks.setdefault(str(token), f"_:b{len(self._blanks)}")

    def targets(self, rule: str) -> tuple[str | None, ...]:
        """Return the IRIs that the clauses of a rule name, in order; None for what has none."""
        found = [node for node in _subtrees(self._tree) if node.data == rule]
        return tuple(self._target(node) for node in found)

    def _target(self, clause: Node) -> str | None:
        named = next((n for n in _subtrees(clause) if n.data in ("iri", "var")), None)
        return None if named is None or named.data == "var" else self._absolute(self._token(named, 0))

    def _absolute(self, token: Token) -> str | None:
        if token.type != "IRIREF":
            return expanded(str(token), self._prefixes)
        iri = decoded_iri(str(token))
        if iri is None or _SCHEME.match(iri):
            return iri
        return urljoin(self._base, iri) if self._base else None

    def _check_names(self) -> None:
        """Refuse names that stand for nothing, since the engine would only say that something is wrong."""
        for node in _subtrees(self._tree):
            token = node.children[0] if node.data == "iri" else None
            if not isinstance(token, Token):
                continue
            if token.type == "IRIREF" and self._base is None and _SCHEME.match(token[1:]) is None:
                raise fault(self._text, token.start_pos or 0, f"{shown(token)} is relative, and there is no BASE")
            prefix = token.partition(":")[0]
            if token.type != "IRIREF" and prefix not in self._prefixes:
                raise fault(self._text, token.start_pos or 0, f"the prefix {prefix}: isn't declared")
