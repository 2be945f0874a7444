// The colors of maps, as in the lecture's pictures: zero is white, each sign has shades of its own, and a share of the
// largest value is raised to a power before it becomes a color.

const STEPS = 128;
const parts = color => [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));

function shades(anchors) {
  const known = anchors.map(parts);
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const way = step / STEPS * (known.length - 1), at = Math.min(Math.floor(way), known.length - 2);
    return known[at].map((part, k) => Math.round(part + (way - at) * (known[at + 1][k] - part)));
  });
}

// Returns paint(data, at, value, reach), which writes the color of a value into the bytes of an image, four for each pixel.
export function makePainter({ positive, negative, gamma }) {
  const pack = ([red, green, blue]) => (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
  const above = Uint32Array.from(shades(positive), pack), below = Uint32Array.from(shades(negative), pack);
  return (pixels, at, value, reach) => {
    const step = value ? Math.min(STEPS, Math.round(STEPS * (Math.abs(value) / reach) ** gamma)) : 0;
    pixels[at] = (value < 0 ? below : above)[step];
  };
}
