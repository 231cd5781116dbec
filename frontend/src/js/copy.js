// Buttons with data-copy put that text on the clipboard; without this script they stay hidden.
function copy(button) {
  navigator.clipboard.writeText(button.dataset.copy).then(() => {
    button.querySelector("[data-copied]").textContent = button.dataset.done;
  });
}

function reveal(root) {
  if (!navigator.clipboard) return; // plain http on an office network has no clipboard
  root.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = false));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
document.addEventListener("htmx:load", (event) => reveal(event.target));
reveal(document);
