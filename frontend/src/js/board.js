// On a phone the board is a list of stages that open; without scripts all of them are open.
if (matchMedia("(width < 48rem)").matches) {
  for (const column of document.querySelectorAll(".board-column")) column.open = false;
}
