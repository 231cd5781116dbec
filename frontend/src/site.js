import "htmx.org";
import "./js/drop.js";
import "./js/once.js";
import "./js/enter.js";
import "./js/sort.js";
import "./js/draft.js";
import "./js/board.js";
import "./js/menu.js";
