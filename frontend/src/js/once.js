// A form is sent once per click: its buttons rest until the next page, or until "back" shows it.
const RESTING = "data-resting";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.hasAttribute(RESTING)) event.preventDefault();
  form.setAttribute(RESTING, "");
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll(`[${RESTING}]`).forEach((form) => form.removeAttribute(RESTING));
});
