// Lets a file be dropped on .drop; the file input inside it works without this script.
function zoneOf(event) {
  return event.target.closest?.(".drop");
}

function mark(event, over) {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.toggle("drop-over", over);
}

document.addEventListener("dragover", (event) => mark(event, true));
document.addEventListener("dragleave", (event) => mark(event, false));
document.addEventListener("drop", (event) => {
  mark(event, false);
  const input = zoneOf(event)?.querySelector('input[type="file"]');
  if (!input || !event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
