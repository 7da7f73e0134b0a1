// Miniflare with a KV namespace that holds the load, and a Worker that answers who has the token. Says its port, and serves until its
// input ends. Arguments: the folder node_modules, that of the load, and the token.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, folder, token] = process.argv.slice(2);
const { Miniflare } = createRequire(`${modules}/`)("miniflare");

const worker = `export default {
  async fetch(request, env) {
    if (request.headers.get("Authorization") !== ${JSON.stringify(`Bearer ${token}`)}) {
      return new Response(null, { status: 401 });
    }
    const value = await env.KV.get(new URL(request.url).pathname.slice(1), "stream");
    return value === null ? new Response(null, { status: 404 }) : new Response(value);
  },
};`;

const miniflare = new Miniflare({
  telemetry: { enabled: false },
  host: "127.0.0.1",
  port: 0,
  workers: [{
    config: {
      name: "worker",
      compatibilityDate: "2026-11-01",
      manifest: {
        mainModule: "worker.js",
        modulesRoot: folder,
        modules: { "worker.js": { type: "esm", contents: worker } },
      },
      env: { KV: { type: "kv", id: "bench" } },
    },
  }],
});

const url = await miniflare.ready;
const kv = await miniflare.getKVNamespace("KV");
const entries = readFileSync(`${folder}/entries`, "utf8").trimEnd().split("\n");
for (let i = 0; i < entries.length; i += 50) {
  await Promise.all(entries.slice(i, i + 50).map((entry) => kv.put(...entry.split("\t"))));
}
console.log(url.port);

for await (const _ of process.stdin);
await miniflare.dispose();
