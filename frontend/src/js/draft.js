// What is typed into a form survives until it is saved: a session that ended, a lost connection, a
// page left by mistake. Kept in this tab alone, and gone with the log-out.
const PREFIX = "draft:";
const form = document.querySelector("form[data-draft]");
const place = PREFIX + location.pathname;

function values() {
  const data = [...new FormData(form)];
  return data.filter(([name, value]) => typeof value === "string" && !name.startsWith("csrf"));
}

function typed() {
  return JSON.stringify(values().filter(([name]) => !["version", "key"].includes(name)));
}

function restore(kept) {
  for (const control of form.elements) {
    if (!control.name || control.type === "hidden" || control.type === "file") continue;
    const own = kept.filter(([name]) => name === control.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(control.type)) control.checked = own.includes(control.value);
    else if (own.length) control.value = own[0];
  }
  const version = kept.find(([name]) => name === "version");
  if (version && form.elements.version) form.elements.version.value = version[1];
}

function offer(kept) {
  const note = document.querySelector("[data-draft-offer]");
  note.hidden = false;
  note.querySelector("button").addEventListener("click", () => {
    restore(kept);
    note.hidden = true;
  });
}

if (document.querySelector(".message-success")) {
  Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => sessionStorage.removeItem(key));
}
if (form) {
  const opened = typed();
  const kept = JSON.parse(sessionStorage.getItem(place) ?? "null");
  const refused = document.querySelector(".form-errors, .conflicts");
  if (kept && !refused && JSON.stringify(kept.filter(([n]) => !["version", "key"].includes(n))) !== opened) offer(kept);
  let sent = false;
  form.addEventListener("input", () => sessionStorage.setItem(place, JSON.stringify(values())));
  form.addEventListener("submit", () => (sent = true));
  window.addEventListener("beforeunload", (event) => {
    if (!sent && typed() !== opened) event.preventDefault();
  });
}
document.addEventListener("submit", (event) => {
  if (event.target.matches('[action$="/logout/"]')) sessionStorage.clear();
});
