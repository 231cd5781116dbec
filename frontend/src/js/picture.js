const SCALE = 2; // sharp enough for a slide or a printed page

/** Offer the chart as a PNG file called name. */
export function savePicture(chart, name) {
  const picture = new Image();
  picture.onload = () => paint(picture, chart).toBlob((blob) => download(blob, name));
  picture.src = chart.getDataURL({ type: "svg" });
}

function paint(picture, chart) {
  const canvas = document.createElement("canvas");
  canvas.width = chart.getWidth() * SCALE;
  canvas.height = chart.getHeight() * SCALE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.png`;
  link.click();
  URL.revokeObjectURL(link.href);
}
