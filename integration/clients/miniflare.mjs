// The Worker that calls every method of a KV binding, in Miniflare, whose bindings are remote and whose remote proxy is Holdfast.

import { readFileSync } from "node:fs";
import { Miniflare } from "miniflare";
import { makeNamespace, token, url } from "./server.mjs";

await makeNamespace("BY_TITLE");
const named = await makeNamespace("miniflare by address");

const source = (file) => ({ type: "esm", contents: readFileSync(new URL(file, import.meta.url), "utf8") });
const remote = { type: "kv", dev: { remote: true } };
const miniflare = new Miniflare({
  telemetry: { enabled: false },
  workers: [{
    dev: { remoteProxyConnectionString: new URL(`${url}/miniflare/${token}?BY_ADDRESS=${named}`) },
    config: {
      name: "worker",
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      manifest: {
        mainModule: "worker.js",
        modulesRoot: process.cwd(),
        modules: { "worker.js": source("worker/worker.js"), "checks.mjs": source("checks.mjs") },
      },
      env: { BY_TITLE: remote, BY_ADDRESS: remote },
    },
  }],
});

try {
  for (const binding of ["BY_TITLE", "BY_ADDRESS"]) {
    const reply = await miniflare.dispatchFetch(`http://worker/${binding}`);
    for await (const part of reply.body) {
      process.stdout.write(part);
    }
    if (!reply.ok) {
      throw new Error(`the Worker answered ${reply.status}`);
    }
  }
} finally {
  await miniflare.dispose();
}
