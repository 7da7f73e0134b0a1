// Starts workerd with a Worker that calls every method of its KV bindings, and passes on what the Worker found.

import { makeNamespace } from "./server.mjs";
import { startWorkerd } from "./workerd-process.mjs";

const namespaces = {};
for (const way of ["header", "host", "path"]) {
  namespaces[way] = await makeNamespace(`workerd by ${way}`);
}

const workerd = await startWorkerd(new URL("worker/", import.meta.url), {
  "by-header": namespaces.header,
  "by-host": `${namespaces.host}.kv.example`,
  "by-path": namespaces.path,
}, ["holdfast", "holdfast-by-header", "holdfast-by-host"]);
try {
  for (const way of Object.keys(namespaces)) {
    const reply = await fetch(`${workerd.url}/${way}`, { signal: AbortSignal.timeout(120_000) });
    for await (const part of reply.body) {
      process.stdout.write(part);
    }
    if (!reply.ok) {
      throw new Error(`the Worker answered ${reply.status}`);
    }
  }
} finally {
  await workerd.stop();
}
