// On a phone the board is a list of stages that open; without scripts all of them are open.
if (matchMedia("(width < 48rem)").matches) {
  for (const column of document.querySelectorAll(".board-column")) column.open = false;
}

// Where not all stages fit beside each other, the page says so.
for (const hint of document.querySelectorAll("[data-board-hint]")) {
  const board = document.querySelector(".board");
  const tell = () => {
    hint.hidden = board.scrollWidth <= board.clientWidth;
  };
  tell();
  window.addEventListener("resize", tell);
}
