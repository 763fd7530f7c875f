/* Ties rows to their words: hovering, focusing or clicking either lights up both. The links work without this. */
"use strict";

const LIT = "on";
const tied = new Map();
for (const element of document.querySelectorAll("[data-items]")) {
  for (const item of element.dataset.items.split(" ")) {
    if (!tied.has(item)) tied.set(item, []);
    tied.get(item).push(element);
  }
}

/* A figure lights up only for its own rows, not for every row whose passage it stands in. */
function belongs(element, item) {
  return !element.classList.contains("fig") || element.dataset.own.split(" ").includes(item);
}

function light(items) {
  for (const element of document.querySelectorAll("." + LIT)) element.classList.remove(LIT);
  for (const item of items) {
    for (const element of tied.get(item) || []) {
      if (belongs(element, item)) element.classList.add(LIT);
    }
  }
}

/* Words belong to the items whose figure they are; words that are only part of a passage, to all that cite it. */
function itemsOf(element) {
  return (element.dataset.own || element.dataset.items).split(" ");
}

function holder(target) {
  return target instanceof Element ? target.closest("[data-items]") : null;
}

for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const element = holder(event.target);
    if (element) light(itemsOf(element));
  });
}
document.addEventListener("mouseout", (event) => {
  if (holder(event.target) && !holder(event.relatedTarget)) light([]);
});
document.addEventListener("focusout", (event) => {
  if (!holder(event.relatedTarget)) light([]);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") light([]);
});

/* A click anywhere on a row, other than on something that acts by itself, shows its words. */
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || event.target.closest("a, summary, details, button")) return;
  const row = event.target.closest("tr[data-items]");
  const words = row && row.querySelector("a.words");
  if (words && !String(window.getSelection())) words.click();
});
