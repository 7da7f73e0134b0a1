// A site served by @cloudflare/kv-asset-handler from a namespace of Holdfast.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bytes, checks } from "./checks.mjs";
import { makeNamespace, putAll } from "./server.mjs";
import { startWorkerd } from "./workerd-process.mjs";

const check = checks((line) => process.stdout.write(line));
const picture = bytes(50_000);
const files = [
  { path: "index.html", key: "index.0a1b.html", value: Buffer.from("<h1>héllo</h1>"), type: "text/html" },
  { path: "style/main.css", key: "style/main.2c3d.css", value: Buffer.from("h1 {}"), type: "text/css" },
  { path: "picture.png", key: "picture.4e5f.png", value: Buffer.from(picture), type: "image/png" },
];

const id = await makeNamespace("site");
await putAll(id, files.map(({ key, value }) => ({ key, value: value.toString("base64"), base64: true })));

const bundle = await build({
  entryPoints: [fileURLToPath(new URL("assets/worker.js", import.meta.url))],
  bundle: true,
  write: false,
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  conditions: ["worker", "import", "default"],
});
const workerd = await startWorkerd(new URL("assets/", import.meta.url), {
  "bundle.js": bundle.outputFiles[0].text,
  "manifest.json": JSON.stringify(Object.fromEntries(files.map(({ path, key }) => [path, key]))),
  namespace: id,
}, ["holdfast"]);

try {
  for (const { path, value, type } of files) {
    await check(`${path} is served with its bytes and its type`, async () => {
      const reply = await fetch(`${workerd.url}/${path}`, { signal: AbortSignal.timeout(30_000) });
      assert.equal(reply.status, 200);
      assert.ok(reply.headers.get("content-type").startsWith(type));
      assert.equal(Buffer.compare(Buffer.from(await reply.arrayBuffer()), value), 0);
    });
  }
  await check("what is not there is 404", async () => {
    const reply = await fetch(`${workerd.url}/missing.html`, { signal: AbortSignal.timeout(30_000) });
    assert.equal(reply.status, 404);
  });
} finally {
  await workerd.stop();
}
