// A column of boxes: the one at its head chooses all below it, and how many are chosen is said before
// anything happens to them.
for (const form of document.querySelectorAll("form:has([data-choose])")) {
  const boxes = [...form.querySelectorAll("[data-choose]")];
  const all = form.querySelector("[data-choose-all]");
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    form.querySelector("[data-chosen]").textContent = chosen;
  };
  all.hidden = false;
  form.querySelector("[data-chosen-line]").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  window.addEventListener("pageshow", tell);
}
