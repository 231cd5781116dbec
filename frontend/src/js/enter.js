// In a search box of several lines Enter searches; a pasted column of names keeps its lines.
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-submit-on-enter]");
  if (!box || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  box.form.requestSubmit();
});
