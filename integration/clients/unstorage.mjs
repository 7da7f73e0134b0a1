// unstorage over its Cloudflare KV driver, used as applications use it.

import assert from "node:assert/strict";
import { createStorage } from "unstorage";
import driver from "unstorage/drivers/cloudflare-kv-http";
import { bytes, checks } from "./checks.mjs";
import { account, listKeys, makeNamespace, putAll, token, url } from "./server.mjs";

const check = checks((line) => process.stdout.write(line));
const namespaceId = await makeNamespace("unstorage");
const options = { apiURL: url, accountId: account, namespaceId, apiToken: token };
const storage = createStorage({ driver: driver(options) });
const within = createStorage({ driver: driver({ ...options, base: "within" }) });
const byName = (names) => [...names].sort();

await check("an item that was never set is null, and hasItem says so", async () => {
  assert.equal(await storage.getItem("missing"), null);
  assert.equal(await storage.hasItem("missing"), false);
});
await check("text and JSON come back as what they were", async () => {
  await storage.setItem("text", "héllo 😀");
  assert.equal(await storage.getItem("text"), "héllo 😀");
  await storage.setItem("a:b:object", { a: [1, null, "é"] });
  assert.deepEqual(await storage.getItem("a:b:object"), { a: [1, null, "é"] });
  assert.equal(await storage.hasItem("a:b:object"), true);
});
await check("false, 0, a number and an array come back", async () => {
  for (const value of [false, 0, 12.5, [1, "two"]]) {
    await storage.setItem("value", value);
    assert.deepEqual(await storage.getItem("value"), value);
  }
});
await check("a value is replaced", async () => {
  await storage.setItem("text", "another");
  assert.equal(await storage.getItem("text"), "another");
});
await check("several items are set and read", async () => {
  await storage.setItems([{ key: "many:a", value: "1st" }, { key: "many:b", value: { n: 2 } }]);
  const found = await storage.getItems(["many:a", "many:b", "many:c"]);
  assert.deepEqual(found.map(({ key, value }) => [key, value]), [["many:a", "1st"], ["many:b", { n: 2 }], ["many:c", null]]);
});
await check("a ttl is kept, one under a minute as a minute", async () => {
  const now = Math.floor(Date.now() / 1000);
  await storage.setItem("expiring:long", "v", { ttl: 3600 });
  await storage.setItem("expiring:short", "v", { ttl: 1 });
  const [long, short] = await listKeys(namespaceId, "expiring:");
  assert.ok(long.expiration >= now + 3600 && long.expiration < now + 3720, JSON.stringify(long));
  assert.ok(short.expiration >= now + 60 && short.expiration < now + 180, JSON.stringify(short));
});
await check("an item is removed, and removing what is missing succeeds", async () => {
  await storage.removeItem("text");
  assert.equal(await storage.getItem("text"), null);
  await storage.removeItem("text");
});
await check("odd keys survive", async () => {
  for (const key of ["a b", "é😀", "100%", "a+b&c=d#e", "trailing.dot."]) {
    await storage.setItem(key, `value of ${key}`);
    assert.equal(await storage.getItem(key), `value of ${key}`, key);
    assert.ok((await storage.getKeys()).includes(key), key);
    await storage.removeItem(key);
    assert.equal(await storage.hasItem(key), false, key);
  }
});
await check("keys are listed by their base", async () => {
  assert.deepEqual(byName(await storage.getKeys("many")), ["many:a", "many:b"]);
  assert.deepEqual(await storage.getKeys("man"), []);
});
await check("more keys than one page has are listed, each once", async () => {
  const keys = Array.from({ length: 1_234 }, (_, i) => `pages:${String(i).padStart(4, "0")}`);
  await putAll(namespaceId, keys.map((key) => ({ key, value: "v" })));
  assert.deepEqual(byName(await storage.getKeys("pages")), keys);
});
await check("all keys of a driver's base are cleared, and no others", async () => {
  await createStorage({ driver: driver({ ...options, base: "pages" }) }).clear();
  assert.deepEqual(await storage.getKeys("pages"), []);
  assert.equal(await storage.getItem("many:a"), "1st");
});
await check("a driver with a base of its own sees what is below it", async () => {
  await within.setItem("k", "inside");
  assert.equal(await within.getItem("k"), "inside");
  assert.equal(await storage.getItem("within:k"), "inside");
  await within.clear();
  assert.equal(await storage.hasItem("within:k"), false);
});
await check("an item without metadata has none", async () => {
  assert.deepEqual({ ...(await storage.getMeta("many:a")) }, {});
});
await check("a raw value of a megabyte comes back as it was sent", async () => {
  const text = Buffer.from(bytes(1_000_000)).toString("base64");
  await storage.setItemRaw("raw", text);
  assert.equal(await storage.getItemRaw("raw"), text);
});
await check("clear leaves nothing", async () => {
  await storage.clear();
  assert.deepEqual(await storage.getKeys(), []);
  assert.deepEqual(await listKeys(namespaceId, ""), []);
});
await check("a bad token is an error, not a missing item", async () => {
  const stranger = createStorage({ driver: driver({ ...options, apiToken: "hf_nobody" }) });
  await assert.rejects(stranger.getItem("k"), (error) => error.response?.status === 401);
  await assert.rejects(stranger.setItem("k", "v"), (error) => error.response?.status === 401);
});
await check("an e-mail and a key are as good as a token", async () => {
  const { apiToken, ...others } = options;
  const known = createStorage({ driver: driver({ ...others, email: "who@example.com", apiKey: apiToken }) });
  await known.setItem("k", "v");
  assert.equal(await known.getItem("k"), "v");
});
