// A click on a heading sorts a short table, shown whole, by its column; another turns the order.
const collator = new Intl.Collator(document.documentElement.lang);

/** Numbers by size and texts by the language's order; what has no number stands last. */
function compare(texts, sign) {
  const [a, b] = texts.map((text) => parseFloat(text.replaceAll(",", "")));
  if (Number.isNaN(a) || Number.isNaN(b)) {
    return Number.isNaN(a) - Number.isNaN(b) || sign * collator.compare(...texts);
  }
  return sign * (a - b);
}

function sort(table, heading) {
  const column = heading.cellIndex;
  const first = heading.matches(".number") ? "descending" : "ascending";
  const second = first === "ascending" ? "descending" : "ascending";
  const order = heading.getAttribute("aria-sort") === first ? second : first;
  table.querySelectorAll("[aria-sort]").forEach((sorted) => sorted.removeAttribute("aria-sort"));
  heading.setAttribute("aria-sort", order);

  const text = (row) => row.cells[column].textContent.trim();
  const sign = order === "ascending" ? 1 : -1;
  const [body] = table.tBodies;
  body.append(...[...body.rows].sort((a, b) => compare([text(a), text(b)], sign)));
}

document.querySelectorAll("[data-sortable]").forEach((table) => {
  table.querySelectorAll("thead th").forEach((heading) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(table, heading));
    heading.append(button);
  });
});
