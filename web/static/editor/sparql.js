/* SPARQL as the editor sees it: tokens for its colours, and what is being typed at a place. */

const KEYWORDS = new Set(
  ("AS ASC ASK BASE BIND BY CONSTRUCT DESC DESCRIBE DISTINCT EXISTS FALSE FILTER FROM GRAPH GROUP HAVING IN LIMIT " +
    "MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT SEPARATOR SERVICE SILENT TRUE UNDEF UNION VALUES " +
    "WHERE").split(" ")
);
const FUNCTIONS = new Set(
  ("ABS AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR GROUP_CONCAT HOURS IF IRI " +
    "ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOW RAND REGEX REPLACE " +
    "ROUND SAMETERM SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN " +
    "STRSTARTS STRUUID SUBSTR SUM TIMEZONE TZ UCASE URI UUID YEAR").split(" ")
);
const RULES = [
  ["space", /\s+/y],
  ["comment", /#[^\n]*/y],
  ["iri", /<[^<>"{}|^`\\\s]*>/y],
  ["string", /"""(?:"{0,2}(?:[^"\\]|\\[\s\S]))*(?:"""|$)|'''(?:'{0,2}(?:[^'\\]|\\[\s\S]))*(?:'''|$)/y],
  ["string", /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?/y],
  ["variable", /[?$][\p{L}\p{N}_]*/uy],
  ["name", /(?:\p{L}[\p{L}\p{N}_.-]*)?:(?:[\p{L}\p{N}_:%-]|\\.|\.(?=[\p{L}\p{N}_:%-]))*/uy],
  ["string", /@[A-Za-z][\w-]*/y],
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["word", /\p{L}[\p{L}\p{N}_-]*/uy],
  ["other", /[\s\S]/y],
];

/* Return the tokens of a text in order, without gaps: {kind, start, end}. */
export function tokens(text) {
  const found = [];
  let at = 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    found.push(token);
    at = token.end;
  }
  return found;
}

function tokenAt(text, start) {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = start;
    const match = rule.exec(text);
    if (match) return { kind: kind === "word" ? wordKind(match[0]) : kind, start, end: start + match[0].length };
  }
  return { kind: "other", start, end: start + 1 };
}

function wordKind(word) {
  const upper = word.toUpperCase();
  if (KEYWORDS.has(upper) || word === "a") return "keyword";
  return FUNCTIONS.has(upper) ? "function" : "word";
}

/* Return what is being typed before `at`: {kind: "variable" | "name" | "word", start, text}, or null where nothing is. */
export function typedAt(text, at) {
  const token = tokens(text).find((t) => t.start < at && at <= t.end);
  if (!token) return null;
  const kind = ["keyword", "function"].includes(token.kind) ? "word" : token.kind;
  if (!["variable", "name", "word"].includes(kind)) return null;
  return { kind, start: token.start, text: text.slice(token.start, at) };
}

/* Return the variables of a text, each once, those nearest to `at` aside: the one that is being typed isn't one. */
export function variables(text, at) {
  const named = tokens(text).filter((t) => t.kind === "variable" && t.end - t.start > 1);
  const others = named.filter((t) => !(t.start < at && at <= t.end));
  return [...new Set(others.map((t) => text.slice(t.start, t.end)))];
}

/* Return the keywords and functions that begin as `typed` does. */
export function keywords(typed) {
  const upper = typed.toUpperCase();
  return [...KEYWORDS, ...FUNCTIONS].filter((word) => word.startsWith(upper) && word !== upper);
}
