// A column of boxes, one to a page: the one at its head chooses all below it, and how many and which
// are chosen is said before anything happens to them.
const boxes = [...document.querySelectorAll("[data-choose]")];
const all = document.querySelector("[data-choose-all]");

const named = (box) => {
  const entry = document.createElement("li");
  entry.textContent = box.dataset.choose;
  return entry;
};

const tell = () => {
  const chosen = boxes.filter((box) => box.checked);
  all.checked = chosen.length === boxes.length;
  all.indeterminate = chosen.length > 0 && !all.checked;
  for (const place of document.querySelectorAll("[data-chosen]")) place.textContent = chosen.length;
  for (const button of document.querySelectorAll("[data-needs-chosen]")) {
    button.disabled = chosen.length === 0;
  }
  for (const list of document.querySelectorAll("[data-chosen-names]")) {
    list.hidden = chosen.length === 0;
    list.replaceChildren(...chosen.map(named));
  }
};

if (boxes.length && all) {
  all.hidden = false;
  for (const line of document.querySelectorAll("[data-chosen-line]")) line.hidden = false;
  for (const line of document.querySelectorAll("[data-unchosen-line]")) line.hidden = true;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  window.addEventListener("pageshow", tell);
}
