// The Worker of the README's tour, from examples/worker, as it stands there.

import assert from "node:assert/strict";
import { checks } from "./checks.mjs";
import { makeNamespace } from "./server.mjs";
import { startWorkerd } from "./workerd-process.mjs";

const check = checks((line) => process.stdout.write(line));
await makeNamespace("notes");
const workerd = await startWorkerd(new URL(`file://${process.env.HOLDFAST_SOURCES}/examples/worker/`), {}, ["holdfast"]);

async function ask(method, path, body) {
  const reply = await fetch(workerd.url + path, { method, body, signal: AbortSignal.timeout(30_000) });
  return `${reply.status} ${await reply.text()}`;
}

try {
  await check("a note that was never written is 404", async () => {
    assert.equal(await ask("GET", "/shopping"), "404 no such note\n");
  });
  await check("a note is kept, listed and given back", async () => {
    assert.equal(await ask("PUT", "/shopping", "bread, kelp\n"), "200 kept\n");
    assert.equal(await ask("GET", "/shopping"), "200 bread, kelp\n");
    assert.match(await ask("GET", "/"), /^200 shopping {2}\d{4}-\d\d-\d\dT/);
  });
  await check("a note is deleted", async () => {
    assert.equal(await ask("DELETE", "/shopping"), "200 gone\n");
    assert.equal(await ask("GET", "/shopping"), "404 no such note\n");
    assert.equal(await ask("GET", "/"), "200 ");
  });
} finally {
  await workerd.stop();
}
