// The files in a wheel, which is a zip archive: [[path, Uint8Array], ...]. Field offsets are those of PKWARE's APPNOTE, 4.3.
export async function unzip(archive) {
  const view = new DataView(archive);
  const end = archive.byteLength - 22; // the end-of-directory record of an archive without a comment
  let entry = view.getUint32(end + 16, true);
  const files = [];
  for (let left = view.getUint16(end + 10, true); left; left--) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(entry + field, true));
    const path = new TextDecoder().decode(new Uint8Array(archive, entry + 46, name));
    const header = view.getUint32(entry + 42, true);
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const packed = new Uint8Array(archive, start, view.getUint32(entry + 20, true));
    if (!path.endsWith("/")) files.push([path, view.getUint16(entry + 10, true) ? inflate(packed) : packed]);
    entry += 46 + name + extra + comment;
  }
  return Promise.all(files.map(async ([path, bytes]) => [path, await bytes]));
}

async function inflate(packed) {
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  writer.write(packed);
  writer.close();
  return new Uint8Array(await new Response(readable).arrayBuffer());
}
