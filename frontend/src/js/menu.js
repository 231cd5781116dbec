// On a phone the menu and the tabs are one line to push along: the page that is open comes into
// sight.
for (const current of document.querySelectorAll(".site-nav-desk [aria-current], .tabs [aria-current]")) {
  const line = current.closest("ul");
  line.scrollLeft = current.offsetLeft - line.offsetLeft - (line.clientWidth - current.offsetWidth) / 2;
}
