// Builds ../static from src and node_modules. Run by `npm run build`.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as esbuild from "esbuild";
import { compile } from "sass";

const OUT = "../static";

// Names from https://tabler.io/icons; only these travel to the browser.
const ICONS = [
  "alert-triangle", "arrow-back-up", "arrow-down", "arrow-right", "arrow-up", "arrows-join",
  "arrows-sort", "check", "chevron-left", "chevron-right", "circle-check", "clipboard-check", "clock", "columns",
  "download", "equal-not", "external-link", "file-spreadsheet", "history", "inbox", "info-circle",
  "language", "login-2", "logout", "pencil", "photo-down", "plus", "point",
  "refresh", "search", "table", "upload", "x",
];

/** One SVG file with a <symbol> per icon, to be used as icons.svg#name. */
function sprite() {
  const icons = ICONS.map((name) =>
    symbol(name, readFileSync(`node_modules/@tabler/icons/icons/outline/${name}.svg`, "utf8")),
  );
  const brand = symbol("brand", readFileSync("src/favicon.svg", "utf8"));
  return `<svg xmlns="http://www.w3.org/2000/svg">${icons.join("")}${brand}</svg>\n`;
}

function symbol(name, svg) {
  const viewBox = svg.match(/viewBox="([^"]+)"/)[1];
  const shapes = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/<path stroke="none"[^>]*\/>/g, "")
    .replace(/>\s+</g, "><")
    .trim();
  return `<symbol id="${name}" viewBox="${viewBox}">${shapes}</symbol>`;
}

/** Lets site.css import Tabler's Sass. */
const sass = {
  name: "sass",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path }) => ({
      contents: compile(path, { loadPaths: ["node_modules"], quietDeps: true }).css,
      loader: "css",
    }));
  },
};

mkdirSync(OUT, { recursive: true });
await esbuild.build({
  entryPoints: ["src/site.css", "src/site.js", "src/charts.js", "src/admin.css"],
  outdir: OUT,
  bundle: true,
  plugins: [sass],
  minify: true,
  format: "iife",
  target: ["chrome111", "firefox113", "safari16.4"],
  legalComments: "none",
  logLevel: "warning",
});
writeFileSync(`${OUT}/icons.svg`, sprite());
copyFileSync("src/favicon.svg", `${OUT}/favicon.svg`);
