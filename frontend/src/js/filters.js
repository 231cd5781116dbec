// A filter that is left open does not stand in the address.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return;
  for (const name of new Set(detail.formData.keys())) {
    if (detail.formData.getAll(name).every((value) => value === "")) detail.formData.delete(name);
  }
});
