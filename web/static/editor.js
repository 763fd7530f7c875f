/* The query editor: runs, cancels, completes, and shows the answer in place. Without this the form works as it is. */

import { Completion } from "./editor/completion.js";
import { Surface, element } from "./editor/surface.js";
import { enhance } from "./results.js";

const area = document.getElementById("query");
const form = area.form;
const status = document.getElementById("progress");
const cancel = document.getElementById("cancel");
const surface = new Surface(area);
const completion = new Completion(surface, form.dataset.words, form.dataset.prefixes.split(" "));
let leaving = false;
let running = null;
let asked = place();

area.addEventListener("keydown", (event) => {
  if (completion.key(event)) {
    event.preventDefault();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Escape") {
    leaving = true; /* the next Tab moves on, so that the keyboard isn't caught here */
  } else if (event.key === "Tab" && !event.shiftKey && !leaving) {
    event.preventDefault();
    surface.replace(area.selectionStart, area.selectionEnd, "  ");
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    surface.replace(area.selectionStart, area.selectionEnd, `\n${indent()}`);
  } else if (event.key === "}" && /^ {2,}$/.test(lineBefore())) {
    event.preventDefault();
    surface.replace(area.selectionStart - 2, area.selectionEnd, "}");
  } else if (event.key !== "Shift") {
    leaving = false;
  }
});

function lineBefore() {
  return surface.text.slice(0, surface.caret).split("\n").at(-1);
}

/* Return the blanks that a new line begins with: those of the line before, more after an open brace. */
function indent() {
  const line = lineBefore();
  return line.match(/^[ \t]*/)[0] + (/[{(]\s*$/.test(line) ? "  " : "");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
cancel.addEventListener("click", () => running?.abort());
window.addEventListener("popstate", () => {
  if (place() !== asked) window.location.reload(); /* another query, not another part of this page */
});

async function run() {
  completion.close();
  running?.abort();
  const own = new AbortController();
  running = own;
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  const began = performance.now();
  busy("Running …");
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, signal: own.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (address !== window.location.href) window.history.pushState(null, "", address);
    asked = place();
    show(page.getElementById("outcome") || told(page));
    done([counted(), `${((performance.now() - began) / 1000).toFixed(2)} s`].filter(Boolean).join(" in "));
  } catch (error) {
    if (running === own) done(error.name === "AbortError" ? "Cancelled." : "The server can’t be reached.");
  }
}

function place() {
  return window.location.pathname + window.location.search;
}

/* Say in a few words what came, for those who hear the page. */
function counted() {
  const heading = document.getElementById("h-answer");
  return heading ? heading.firstChild.textContent.trim() : "";
}

function busy(words) {
  status.textContent = words;
  cancel.hidden = false;
}

function done(words) {
  running = null;
  status.textContent = words;
  cancel.hidden = true;
}

/* Put an answer, or why there is none, in the place of the one before. */
function show(outcome) {
  const shown = document.getElementById("outcome");
  const fresh = document.importNode(outcome, true);
  fresh.id = "outcome";
  shown.replaceWith(fresh);
  enhance(fresh);
  markFault(fresh);
}

function told(page) {
  const box = element("div", "banner flag", page.querySelector("main")?.textContent.trim() || "There is no answer.");
  box.setAttribute("role", "alert");
  const outcome = element("div", "outcome");
  outcome.append(box);
  return outcome;
}

function markFault(outcome) {
  const banner = outcome.querySelector("[data-line]");
  surface.mark(banner ? { line: Number(banner.dataset.line), column: Number(banner.dataset.column) } : null);
  if (!banner) return;
  const go = element("button", "quiet", `Go to line ${banner.dataset.line}`);
  go.type = "button";
  go.addEventListener("click", () => surface.goToFault());
  banner.append(go);
}

markFault(document.getElementById("outcome"));
