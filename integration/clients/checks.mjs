// What every client script shares. Runs under Node and inside workerd.

/**
 * Makes a function that runs one check and writes one line of JSON about it: {"name", "ok", "detail"?}.
 * A check that fails does not stop those after it.
 */
export function checks(write) {
  return async (name, body) => {
    const line = { name, ok: true };
    try {
      await body();
    } catch (error) {
      line.ok = false;
      line.detail = String(error?.stack ?? error);
    }
    write(JSON.stringify(line) + "\n");
  };
}

/** Bytes that differ from their neighbours and hold every value, so that neither a cut nor a charset goes unnoticed. */
export function bytes(length) {
  const all = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    all[i] = (i * 31 + (i >> 8) * 7 + (i >> 16)) & 0xff;
  }
  return all;
}

export const mebibyte = 1024 * 1024;
export const largestValue = 25 * mebibyte;

/** Key names with everything that an encoder, a router or a normaliser could trip over. */
export const oddKeys = [
  "a/b:c?d e%é😀+&=#",
  "/",
  "//twice//",
  "a/../b",
  "trailing/",
  "%2F",
  "a+b",
  "...",
  "😀".repeat(128),
];

export const inAMinuteOrTwo = () => Math.floor(Date.now() / 1000) + 120;

/** Order of key names as Workers KV has it: by their UTF-8 bytes, which differs from JavaScript's order beyond U+FFFF. */
export function byBytes(a, b) {
  const [x, y] = [a, b].map((name) => new TextEncoder().encode(name));
  const at = x.findIndex((byte, i) => byte !== y[i]);
  return at < 0 ? x.length - y.length : x[at] - (y[at] ?? -1);
}
