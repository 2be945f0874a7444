// Pictures as the build packs them: pixels of 2 or 4 bits, a byte for each class behind them, deflated.

export async function unpackPictures(bytes, { count, pixels, levels }) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const unpacked = new Uint8Array(await new Response(stream).arrayBuffer());
  const bits = levels <= 4 ? 2 : 4, each = 8 / bits, mask = (1 << bits) - 1, places = count * pixels;
  const end = Math.ceil(places / each);
  if (unpacked.length !== end + count) throw new Error(`there are ${unpacked.length} bytes for ${count} pictures`);
  const pictures = new Float64Array(places);
  for (let at = 0; at < places; at++) pictures[at] = ((unpacked[Math.floor(at / each)] >> (bits * (at % each))) & mask) / (levels - 1);
  return { pictures, labels: unpacked.subarray(end) };
}
