/* A result's table: sorted by a click on a heading, and drawn as bars where it has a label and a number. */

import { bars, caption } from "./editor/chart.js";

const ORDER = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const NEXT = { none: "ascending", ascending: "descending", descending: "none" };

/* Make the table below `root` sortable and offer its chart; without a table there is nothing to do. */
export function enhance(root) {
  const table = root.querySelector("table.answer");
  if (!table || table.tBodies[0].rows.length < 2) return;
  const original = [...table.tBodies[0].rows];
  const headings = [...table.tHead.rows[0].cells];
  const redraw = offerChart(table, headings);
  for (const [column, heading] of headings.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    heading.append(button);
    heading.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      sort(table, headings, column, original);
      redraw();
    });
  }
}

function sort(table, headings, column, original) {
  const order = NEXT[headings[column].getAttribute("aria-sort")];
  for (const [k, heading] of headings.entries()) heading.setAttribute("aria-sort", k === column ? order : "none");
  const rows = [...original];
  if (order !== "none") {
    const isNumeric = headings[column].classList.contains("num");
    const sign = order === "ascending" ? 1 : -1;
    rows.sort((a, b) => compared(cellText(a, column), cellText(b, column), isNumeric, sign));
  }
  table.tBodies[0].append(...rows);
}

/* Cells without a value come last, whichever way the others go. */
function compared(one, other, isNumeric, sign) {
  if (!one || !other) return Number(!one) - Number(!other);
  return sign * (isNumeric ? Number(one) - Number(other) : ORDER.compare(one, other));
}

function cellText(row, column) {
  return row.cells[column].textContent.trim();
}

function offerChart(table, headings) {
  const columns = headings.map((heading, k) => ({ k, name: heading.textContent, number: heading.classList.contains("num") }));
  const numbers = columns.filter((c) => c.number && !/\byear\b/i.test(c.name)); /* a year is no amount */
  const labels = columns.filter((c) => !c.number && distinct(table, c.k) > 1);
  if (!numbers.length || !labels.length) return () => {};
  const box = document.createElement("details");
  box.className = "chart";
  const summary = document.createElement("summary");
  summary.textContent = "Chart";
  const label = choice("Label", labels);
  const number = choice("Number", numbers);
  const figure = document.createElement("figure");
  const note = document.createElement("figcaption");
  note.className = "note";
  const fields = document.createElement("p");
  fields.append(label.field, number.field);
  box.append(summary, fields, figure);
  const draw = () => {
    if (!box.open) return;
    const rows = charted(table, Number(label.select.value), Number(number.select.value));
    note.textContent = caption(rows);
    figure.replaceChildren(bars(rows, Math.max(280, box.clientWidth), number.name()), note);
  };
  for (const part of [label.select, number.select]) part.addEventListener("change", draw);
  box.addEventListener("toggle", draw);
  window.addEventListener("resize", draw);
  table.closest(".table-frame").before(box);
  return draw;
}

function charted(table, label, number) {
  const rows = [...table.tBodies[0].rows].map((row) => ({ label: cellText(row, label), text: cellText(row, number) }));
  return rows.filter((row) => row.text && row.label).map((row) => ({ ...row, value: Number(row.text) }));
}

function distinct(table, column) {
  return new Set([...table.tBodies[0].rows].map((row) => cellText(row, column))).size;
}

function choice(name, columns) {
  const field = document.createElement("label");
  const select = document.createElement("select");
  for (const { k, name: text } of columns) select.add(new Option(text, String(k)));
  field.append(name, " ", select);
  return { field, select, name: () => select.selectedOptions[0].textContent };
}

enhance(document);
