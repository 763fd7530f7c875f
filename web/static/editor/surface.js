/* The text area as an editor: colours behind its text, line numbers beside it, a fault marked where it stands. */

import { tokens } from "./sparql.js";

const LEAST_ROWS = 10;
const MOST_ROWS = 28;
const COLOURED = 60000; /* longer texts stay in one colour, so that typing stays quick */

export class Surface {
  constructor(area) {
    this.area = area;
    this.fault = null;
    this.lines = element("div", "lines");
    this.ink = element("pre", "ink");
    for (const part of [this.lines, this.ink]) part.setAttribute("aria-hidden", "true");
    this.frame = element("div", "surface");
    const paper = element("div", "paper");
    area.replaceWith(this.frame);
    paper.append(this.ink, area);
    this.frame.append(this.lines, paper);
    area.addEventListener("input", () => this.mark(null));
    area.addEventListener("scroll", () => this.follow(), { passive: true });
    new ResizeObserver(() => this.follow()).observe(area);
    this.paint();
  }

  get text() {
    return this.area.value;
  }

  get caret() {
    return this.area.selectionStart;
  }

  /* Replace a part of the text as typing would, so that it can be undone. */
  replace(start, end, text) {
    this.area.focus();
    this.area.setSelectionRange(start, end);
    const typed = document.execCommand("insertText", false, text);
    if (!typed) {
      this.area.setRangeText(text, start, end, "end");
      this.area.dispatchEvent(new InputEvent("input", { inputType: "insertReplacementText" }));
    }
  }

  /* Mark the fault at a line and column (from 1, in characters), or none. */
  mark(fault) {
    this.fault = fault && offset(this.text, fault.line, fault.column);
    this.paint();
    this.lines.children[fault ? fault.line - 1 : -1]?.classList.add("fault");
  }

  /* Put the caret at the fault. */
  goToFault() {
    this.area.focus();
    this.area.setSelectionRange(this.fault, this.fault);
    const lineHeight = parseFloat(getComputedStyle(this.area).lineHeight);
    const line = this.text.slice(0, this.fault).split("\n").length;
    this.area.scrollTop = Math.max(0, (line - 4) * lineHeight);
  }

  /* Return where the character at `at` is on the page: left, top and bottom. */
  place(at) {
    const before = document.createRange();
    const [node, within] = this.nodeAt(at);
    before.setStart(node, within);
    before.collapse(true);
    const box = before.getClientRects()[0] || this.ink.getBoundingClientRect();
    const frame = this.frame.getBoundingClientRect();
    return { left: box.left - frame.left, bottom: box.bottom - frame.top };
  }

  nodeAt(at) {
    let passed = 0;
    const walker = document.createTreeWalker(this.ink, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    while (node && passed + node.length < at) {
      passed += node.length;
      node = walker.nextNode();
    }
    return node ? [node, at - passed] : [this.ink, 0];
  }

  paint() {
    const { text } = this;
    const parts = text.length > COLOURED ? [text] : coloured(text, this.fault);
    this.ink.replaceChildren(...parts, "\n");
    const count = text.split("\n").length;
    this.area.rows = Math.min(MOST_ROWS, Math.max(LEAST_ROWS, count + 1));
    while (this.lines.childElementCount > count) this.lines.lastElementChild.remove();
    while (this.lines.childElementCount < count) {
      this.lines.append(element("span", "", String(this.lines.childElementCount + 1)));
    }
    for (const line of this.lines.querySelectorAll(".fault")) line.classList.remove("fault");
    this.follow();
  }

  follow() {
    this.ink.scrollTop = this.lines.scrollTop = this.area.scrollTop;
    this.ink.scrollLeft = this.area.scrollLeft;
  }
}

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function coloured(text, fault) {
  const found = tokens(text);
  const at = fault === null ? null : found.find((t) => fault < t.end && t.kind !== "space") || found.at(-1);
  return found.map((token) => {
    const words = text.slice(token.start, token.end);
    const isFault = token === at;
    if (!isFault && ["space", "other", "word"].includes(token.kind)) return words;
    return element("span", `t-${token.kind}${isFault ? " fault" : ""}`, words);
  });
}

function offset(text, line, column) {
  const lines = text.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, words) => sum + words.length + 1, 0);
  return start + [...(lines[line - 1] || "")].slice(0, column - 1).join("").length;
}
