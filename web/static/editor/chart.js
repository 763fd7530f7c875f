/* Bars for a table's numbers, in the order of its rows. The table holds all that the bars show. */

const SVG = "http://www.w3.org/2000/svg";
const MOST = 40;
const NARROW = 560; /* pixels; below, a label stands above its bar */
const LETTER = 6.6; /* pixels of a letter, about */

/* Return the bars of `rows` ({label, value}) as a picture of `width` pixels. */
export function bars(rows, width, name) {
  const shown = rows.slice(0, MOST);
  const isNarrow = width < NARROW;
  const step = isNarrow ? 40 : 25;
  const scale = scaled(shown, width, isNarrow);
  const picture = svg("svg", {
    class: "bars", width, height: shown.length * step + 4, viewBox: `0 0 ${width} ${shown.length * step + 4}`,
    role: "img", "aria-label": `${name}: ${shown.length} bars, in the order of the table`,
  });
  picture.append(...shown.map((row, k) => bar(row, k * step, scale, isNarrow)));
  const zero = scale.at(0);
  picture.append(svg("line", { class: "zero", x1: zero, x2: zero, y1: 0, y2: shown.length * step + 4 }));
  return picture;
}

/* Say how many of the rows the bars show. */
export function caption(rows) {
  return rows.length > MOST ? `The first ${MOST} of ${rows.length} rows, in the order of the table.` : "";
}

function scaled(rows, width, isNarrow) {
  const values = rows.map((row) => row.value);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const left = (isNarrow ? 0 : Math.round(width * 0.36)) + (low < 0 ? 60 : 0);
  const right = width - 70; /* room for the figure after the bar */
  const factor = high > low ? (right - left) / (high - low) : 0;
  return { at: (value) => left + (value - low) * factor, labels: isNarrow ? width : Math.round(width * 0.36) - 10 };
}

function bar(row, top, scale, isNarrow) {
  const group = svg("g", {});
  const zero = scale.at(0);
  const end = scale.at(row.value);
  const middle = top + (isNarrow ? 28 : 12);
  const label = svg("text", { class: "label", x: isNarrow ? 0 : scale.labels, y: isNarrow ? top + 14 : middle + 4 });
  if (!isNarrow) label.setAttribute("text-anchor", "end");
  label.textContent = cut(row.label, scale.labels);
  const figure = svg("text", { class: "figure", x: row.value < 0 ? end - 5 : end + 5, y: middle + 4 });
  if (row.value < 0) figure.setAttribute("text-anchor", "end");
  figure.textContent = row.text;
  const title = svg("title", {});
  title.textContent = `${row.label}: ${row.text}`;
  const size = { x: Math.min(zero, end), y: middle - 7, width: Math.max(1, Math.abs(end - zero)), height: 14 };
  group.append(title, label, svg("rect", size), figure);
  return group;
}

function cut(text, room) {
  const letters = Math.max(4, Math.floor(room / LETTER));
  return text.length > letters ? `${text.slice(0, letters - 1).trimEnd()}…` : text;
}

function svg(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
