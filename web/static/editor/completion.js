/* What could stand where one types: variables, keywords, prefixes, and the vocabulary's words from the API. */

import { keywords, typedAt, variables } from "./sparql.js";
import { element } from "./surface.js";

const MOST = 12;
const SHORTEST = 2; /* characters of a word before suggestions come by themselves */
const WAIT_MS = 90;

export class Completion {
  constructor(surface, words, prefixes) {
    this.surface = surface;
    this.words = words;
    this.prefixes = prefixes;
    this.items = [];
    this.chosen = -1;
    this.asked = null;
    this.list = element("ul", "completions");
    this.list.id = "completions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.list.hidden = true;
    surface.frame.append(this.list);
    const { area } = surface;
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", "completions");
    area.addEventListener("input", (event) => this.typed(event));
    area.addEventListener("blur", () => this.close());
    area.addEventListener("scroll", () => this.close(), { passive: true });
    area.addEventListener("click", () => this.close());
    this.list.addEventListener("mousedown", (event) => this.clicked(event));
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /* Take a key that is meant for the list; returns whether it was. */
  key(event) {
    if (event.key === " " && event.ctrlKey) return this.suggest(true), true;
    if (!this.isOpen) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return this.move(event.key === "ArrowDown" ? 1 : -1), true;
    if (event.key === "Escape") return this.close(), true;
    const accepts = event.key === "Tab" || (event.key === "Enter" && !event.ctrlKey && !event.metaKey);
    if (accepts && this.chosen >= 0) return this.accept(this.chosen), true;
    if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") this.close();
    return false;
  }

  typed(event) {
    if (event.inputType === "insertText" || event.inputType === "deleteContentBackward") this.suggest(false);
    else this.close();
  }

  async suggest(asked) {
    this.asked?.abort();
    const { text, caret } = this.surface;
    const typed = typedAt(text, caret);
    const isEnough = typed && (asked || typed.kind !== "word" || typed.text.length >= SHORTEST);
    if (!isEnough || this.surface.area.selectionEnd !== caret) return this.close();
    const own = this.own(typed, text, caret);
    if (typed.kind === "variable") return this.open(typed, own, asked ? 0 : -1);
    this.asked = new AbortController();
    const { signal } = this.asked;
    const found = await this.found(typed.text, signal);
    if (!signal.aborted) this.open(typed, [...own, ...found].slice(0, MOST), 0);
  }

  own(typed, text, caret) {
    if (typed.kind === "variable") {
      const named = variables(text, caret).filter((name) => name.startsWith(typed.text) && name !== typed.text);
      return named.map((name) => ({ text: name, note: "" }));
    }
    if (typed.text.includes(":")) return [];
    const prefixes = this.prefixes.filter((name) => name.startsWith(typed.text.toLowerCase()));
    return [
      ...keywords(typed.text).slice(0, 3).map((word) => ({ text: word, note: "" })),
      ...prefixes.slice(0, 3).map((name) => ({ text: `${name}:`, note: "prefix" })),
    ];
  }

  async found(text, signal) {
    try {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      if (signal.aborted) return [];
      const response = await fetch(`${this.words}?${new URLSearchParams({ q: text, limit: MOST })}`, { signal });
      if (!response.ok) return [];
      const { words } = await response.json();
      return words.filter((word) => word.curie !== text).map((word) => ({ text: word.curie, note: note(word) }));
    } catch {
      return []; /* given up for what was typed since, or the server is away: there is still one's own typing */
    }
  }

  open(typed, items, chosen) {
    this.items = items;
    this.start = typed.start;
    if (!items.length) return this.close();
    this.list.replaceChildren(...items.map(option));
    this.list.hidden = false;
    const place = this.surface.place(typed.start);
    const room = this.surface.frame.clientWidth - this.list.offsetWidth;
    this.list.style.left = `${Math.max(0, Math.min(place.left, room))}px`;
    this.list.style.top = `${place.bottom}px`;
    this.choose(chosen);
  }

  choose(k) {
    this.chosen = k;
    for (const [n, item] of [...this.list.children].entries()) item.setAttribute("aria-selected", String(n === k));
    if (k < 0) return this.surface.area.removeAttribute("aria-activedescendant");
    this.list.children[k].scrollIntoView({ block: "nearest" });
    this.surface.area.setAttribute("aria-activedescendant", `completion-${k}`);
  }

  move(step) {
    const count = this.items.length;
    this.choose((this.chosen + step + count + (this.chosen < 0 && step < 0 ? 1 : 0)) % count);
  }

  accept(k) {
    const { text } = this.items[k];
    this.close();
    this.surface.replace(this.start, this.surface.caret, text);
    if (text.endsWith(":")) this.suggest(true);
  }

  clicked(event) {
    event.preventDefault(); /* the text keeps the focus */
    const item = event.target.closest("[role=option]");
    if (item) this.accept([...this.list.children].indexOf(item));
  }

  close() {
    this.asked?.abort();
    this.list.hidden = true;
    this.chosen = -1;
    this.surface.area.removeAttribute("aria-activedescendant");
  }
}

/* Say what the word's code doesn't: its label where that differs, and how many studies have it. */
function note(word) {
  const code = word.curie.split(":")[1].replaceAll("-", " ");
  const label = word.label.toLowerCase().replaceAll("-", " ") === code.toLowerCase() ? "" : word.label;
  const studies = word.studies === null ? word.kind : `${word.studies} ${word.studies === 1 ? "study" : "studies"}`;
  return [label, studies].filter(Boolean).join(" · ");
}

function option(item, k) {
  const made = element("li");
  made.id = `completion-${k}`;
  made.setAttribute("role", "option");
  made.append(element("code", "", item.text));
  if (item.note) made.append(" ", element("span", "note", item.note));
  return made;
}
