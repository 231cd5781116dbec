// On a phone the menu is one line to push along: the page that is open comes into sight.
const current = document.querySelector(".site-nav-desk [aria-current]");
const line = current?.closest("ul");
if (line) line.scrollLeft = current.offsetLeft - (line.clientWidth - current.offsetWidth) / 2;
