const SCALE = 2; // sharp enough for a slide or a printed page
const TITLE_HEIGHT = 40;
const MARGIN = 12;

/** Offer the chart drawn in plot as a PNG file, with its title above it. */
export function savePicture(plot, title) {
  const svg = new XMLSerializer().serializeToString(plot.querySelector("svg"));
  const picture = new Image();
  picture.onload = () => paint(picture, plot, title).toBlob((blob) => download(blob, title));
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

function paint(picture, plot, title) {
  const { clientWidth: width, clientHeight: height } = plot;
  const canvas = document.createElement("canvas");
  canvas.width = (width + 2 * MARGIN) * SCALE;
  canvas.height = (height + TITLE_HEIGHT + MARGIN) * SCALE;
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#1f2328";
  pen.font = `bold 17px ${getComputedStyle(plot).fontFamily}`;
  pen.fillText(title, MARGIN, TITLE_HEIGHT - 14);
  pen.drawImage(picture, MARGIN, TITLE_HEIGHT, width, height);
  return canvas;
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.png`;
  link.click();
  URL.revokeObjectURL(link.href);
}
