/* The plain query editor: Ctrl+Enter runs, Tab indents; after Escape, Tab moves on as everywhere else. */
"use strict";

const query = document.getElementById("query");
let leaving = false;

query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    query.form.requestSubmit();
  } else if (event.key === "Escape") {
    leaving = true; /* the next Tab moves on, so that the keyboard isn't caught here */
  } else if (event.key === "Tab" && !event.shiftKey && !leaving) {
    event.preventDefault();
    query.setRangeText("  ", query.selectionStart, query.selectionEnd, "end");
  } else if (event.key !== "Shift") {
    leaving = false;
  }
});
