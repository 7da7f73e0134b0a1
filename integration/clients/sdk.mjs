// Cloudflare's own SDK, every call of Workers KV that it has.

import assert from "node:assert/strict";
import Cloudflare, { toFile } from "cloudflare";
import { byBytes, bytes, checks, inAMinuteOrTwo, largestValue, oddKeys } from "./checks.mjs";
import { account, api, token, url } from "./server.mjs";

const check = checks((line) => process.stdout.write(line));
const client = new Cloudflare({ apiToken: token, baseURL: api, timeout: 30_000, maxRetries: 0 });
const { namespaces } = client.kv;
const own = { account_id: account };

let id;

await check("namespaces.create makes a namespace", async () => {
  const made = await namespaces.create({ ...own, title: "sdk" });
  assert.match(made.id, /^[0-9a-f]{32}$/);
  assert.equal(made.title, "sdk");
  assert.equal(made.supports_url_encoding, true);
  id = made.id;
});

if (!id) {
  process.exit(1);
}

const here = { ...own, namespace_id: id };
const put = (key, value, more = {}) => namespaces.values.update(key, { ...here, value, ...more });
const get = async (key) => new Uint8Array(await (await namespaces.values.get(key, here)).arrayBuffer());
const getText = async (key) => (await namespaces.values.get(key, here)).text();
const metadata = (key) => namespaces.metadata.get(key, here);
const remove = (key) => namespaces.values.delete(key, here);

async function list(query = {}) {
  const keys = [];
  for await (const key of namespaces.keys.list(id, { ...own, ...query })) {
    keys.push(key);
  }
  return keys;
}

/** Expects the call to fail with this class of error and this code, and gives the code's message. */
async function fails(call, type, code) {
  let message;
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof type, `${error.constructor.name}: ${error.message}`);
    assert.equal(error.errors?.[0]?.code, code, error.message);
    message = error.errors[0].message;
    return true;
  });
  return message;
}

// Namespaces

await check("namespaces.create of a title that exists is a BadRequestError (10014)", async () => {
  const message = await fails(namespaces.create({ ...own, title: "sdk" }), Cloudflare.BadRequestError, 10014);
  assert.equal(message, "a namespace with this account ID and title already exists");
});

await check("namespaces.create without a title is a BadRequestError (10019)", async () => {
  await fails(namespaces.create({ ...own, title: "" }), Cloudflare.BadRequestError, 10019);
});

await check("namespaces.get gives one", async () => {
  assert.deepEqual(await namespaces.get(id, own), { id, title: "sdk", supports_url_encoding: true });
});

await check("namespaces.get of a missing one is a NotFoundError (10013)", async () => {
  const missing = namespaces.get("f".repeat(32), own);
  assert.equal(await fails(missing, Cloudflare.NotFoundError, 10013), "get namespace: 'namespace not found'");
});

await check("namespaces.get of what is no id is a BadRequestError (10011)", async () => {
  await fails(namespaces.get("nonsense", own), Cloudflare.BadRequestError, 10011);
});

await check("namespaces.list pages over all of them, each once", async () => {
  const made = [];
  for (let i = 0; i < 7; i++) {
    made.push((await namespaces.create({ ...own, title: `sdk page ${i}` })).id);
  }
  const seen = [];
  for await (const namespace of namespaces.list({ ...own, per_page: 3, order: "title", direction: "desc" })) {
    seen.push(namespace);
  }
  const titles = seen.map((namespace) => namespace.title);
  assert.deepEqual(titles, [...titles].sort(byBytes).reverse());
  assert.equal(new Set(seen.map((namespace) => namespace.id)).size, seen.length);
  assert.ok([id, ...made].every((each) => seen.some((namespace) => namespace.id === each)));
});

await check("namespaces.update renames, and namespaces.delete deletes", async () => {
  const made = await namespaces.create({ ...own, title: "sdk old" });
  assert.equal((await namespaces.update(made.id, { ...own, title: "sdk new" })).title, "sdk new");
  assert.equal(await namespaces.delete(made.id, own), null);
  await fails(namespaces.get(made.id, own), Cloudflare.NotFoundError, 10013);
  await fails(namespaces.delete(made.id, own), Cloudflare.NotFoundError, 10013);
});

// Values and metadata

await check("values.update and values.get", async () => {
  await put("text", "héllo 😀");
  assert.equal(await getText("text"), "héllo 😀");
});

await check("values.update with a file keeps the exact bytes", async () => {
  const value = bytes(100_000);
  await put("binary", await toFile(value, "any name"));
  assert.deepEqual(await get("binary"), value);
});

await check("a value may be empty", async () => {
  await put("empty", "");
  assert.equal(await getText("empty"), "");
});

await check("a value may have 25 MiB", async () => {
  const value = bytes(largestValue);
  await put("largest", await toFile(value, "largest"));
  assert.equal(Buffer.compare(await get("largest"), value), 0);
});

await check("a value may not have a byte more than 25 MiB (413)", async () => {
  const call = put("too-large", await toFile(bytes(largestValue + 1), "too-large"));
  await assert.rejects(call, (error) => error.status === 413 && error.errors?.[0]?.code === 10024);
  await fails(metadata("too-large"), Cloudflare.NotFoundError, 10009);
});

for (const key of oddKeys) {
  await check(`key name ${JSON.stringify(key.slice(0, 24))} survives`, async () => {
    await put(key, `value of ${key}`);
    assert.equal(await getText(key), `value of ${key}`);
    assert.ok((await list({ prefix: key })).some((each) => each.name === key));
    await remove(key);
    await fails(namespaces.values.get(key, here), Cloudflare.NotFoundError, 10009);
  });
}

await check("a key name of 513 bytes is refused (10030)", async () => {
  await assert.rejects(put("k".repeat(513), "v"), (error) => error.errors?.[0]?.code === 10030);
});

await check("metadata is kept with the value and goes with the next", async () => {
  await put("described", "v", { metadata: JSON.stringify({ a: 1, u: "é🤓" }) });
  assert.deepEqual(await metadata("described"), { a: 1, u: "é🤓" });
  assert.equal(await getText("described"), "v");
  await put("described", "v");
  assert.equal(await metadata("described"), null);
});

await check("metadata may have 1024 bytes and not one more", async () => {
  const most = JSON.stringify("m".repeat(1022));
  await put("described", "v", { metadata: most });
  assert.equal(await metadata("described"), JSON.parse(most));
  await assert.rejects(put("described", "w", { metadata: JSON.stringify("m".repeat(1023)) }), (error) => error.status === 413);
  assert.equal(await getText("described"), "v");
});

await check("metadata that is no JSON is a BadRequestError (10047)", async () => {
  await fails(put("described", "w", { metadata: "{no" }), Cloudflare.BadRequestError, 10047);
});

await check("expiration and expiration_ttl are kept", async () => {
  const expiration = inAMinuteOrTwo();
  await put("expiring", "v", { expiration });
  assert.equal((await namespaces.values.get("expiring", here)).headers.get("expiration"), String(expiration));
  await put("expiring", "v", { expiration, expiration_ttl: 7200 });
  assert.ok((await list({ prefix: "expiring" }))[0].expiration >= expiration + 6000);
});

await check("expiration_ttl under 60 seconds is a BadRequestError (10034)", async () => {
  await fails(put("expiring", "w", { expiration_ttl: 59 }), Cloudflare.BadRequestError, 10034);
  assert.equal(await getText("expiring"), "v");
});

await check("expiration in the past is a BadRequestError (10033)", async () => {
  await fails(put("expiring", "w", { expiration: 1000 }), Cloudflare.BadRequestError, 10033);
});

await check("values.get and metadata.get of a missing key are NotFoundErrors (10009)", async () => {
  assert.equal(await fails(namespaces.values.get("missing", here), Cloudflare.NotFoundError, 10009), "get: 'key not found'");
  assert.equal(await fails(metadata("missing"), Cloudflare.NotFoundError, 10009), "metadata: 'key not found'");
});

await check("values.delete of a missing key succeeds", async () => {
  await remove("missing");
});

// Many

const many = Array.from({ length: 1_234 }, (_, i) => `many/${i % 5 ? "k" : "é😀"}${i}`);

await check("bulkUpdate writes all and counts them", async () => {
  const body = many.map((key, i) => ({ key, value: `value of ${key}`, metadata: { i } }));
  const result = await namespaces.bulkUpdate(id, { ...own, body });
  assert.deepEqual(result, { successful_key_count: many.length, unsuccessful_keys: [] });
  assert.equal(await getText(many[17]), `value of ${many[17]}`);
});

await check("bulkUpdate takes base64", async () => {
  const value = bytes(1_000);
  await namespaces.bulkUpdate(id, { ...own, body: [{ key: "base64", value: Buffer.from(value).toString("base64"), base64: true }] });
  assert.deepEqual(await get("base64"), value);
});

await check("bulkUpdate with one bad item writes nothing", async () => {
  const body = [{ key: "good", value: "v" }, { key: "..", value: "v" }];
  await assert.rejects(namespaces.bulkUpdate(id, { ...own, body }), Cloudflare.BadRequestError);
  await fails(metadata("good"), Cloudflare.NotFoundError, 10009);
});

await check("keys.list pages over all keys, each once, in the order of their bytes", async () => {
  const keys = await list({ prefix: "many/", limit: 100 });
  assert.deepEqual(keys.map((key) => key.name), [...many].sort(byBytes));
  assert.ok(keys.every((key) => many[key.metadata.i] === key.name));
});

await check("keys.list with a limit under 10 is a BadRequestError (10028)", async () => {
  const message = await fails(namespaces.keys.list(id, { ...own, limit: 9 }), Cloudflare.BadRequestError, 10028);
  assert.equal(message, "limit argument must be at least 10");
});

await check("keys.list with a nonsensical cursor is a BadRequestError (10041)", async () => {
  await fails(namespaces.keys.list(id, { ...own, cursor: "nonsense" }), Cloudflare.BadRequestError, 10041);
});

await check("bulkGet gives values, and null for the missing", async () => {
  const result = await namespaces.bulkGet(id, { ...own, keys: ["text", "missing", many[0]] });
  assert.deepEqual(result.values, { text: "héllo 😀", missing: null, [many[0]]: `value of ${many[0]}` });
});

await check("bulkGet as JSON with metadata", async () => {
  await put("json", '{"deep":[1,null]}', { metadata: '"m"' });
  const result = await namespaces.bulkGet(id, { ...own, keys: ["json", "missing"], type: "json", withMetadata: true });
  assert.deepEqual(result.values, { json: { value: { deep: [1, null] }, metadata: "m" }, missing: null });
});

await check("bulkGet of no key is a BadRequestError (10029), and of more than 100 is one too", async () => {
  await fails(namespaces.bulkGet(id, { ...own, keys: [] }), Cloudflare.BadRequestError, 10029);
  await assert.rejects(namespaces.bulkGet(id, { ...own, keys: many.slice(0, 101) }), Cloudflare.BadRequestError);
});

await check("bulkDelete deletes all and counts them", async () => {
  const result = await namespaces.bulkDelete(id, { ...own, body: many });
  assert.deepEqual(result, { successful_key_count: many.length, unsuccessful_keys: [] });
  assert.deepEqual(await list({ prefix: "many/" }), []);
});

await check("keys.bulkUpdate, keys.bulkGet and keys.bulkDelete, the older names, work too", async () => {
  await namespaces.keys.bulkUpdate(id, { ...own, body: [{ key: "older", value: "v" }] });
  assert.deepEqual((await namespaces.keys.bulkGet(id, { ...own, keys: ["older"] })).values, { older: "v" });
  await namespaces.keys.bulkDelete(id, { ...own, body: ["older"] });
  assert.deepEqual((await namespaces.keys.bulkGet(id, { ...own, keys: ["older"] })).values, { older: null });
});

// Who may, and where

await check("a wrong token is refused (10000)", async () => {
  const stranger = new Cloudflare({ apiToken: "hf_wrong", baseURL: api, maxRetries: 0 });
  await assert.rejects(
    stranger.kv.namespaces.get(id, own),
    (error) => [401, 403].includes(error.status) && error.errors[0].code === 10000,
  );
});

await check("e-mail and API key work as the token does", async () => {
  const other = new Cloudflare({ apiEmail: "someone@example.com", apiKey: token, apiToken: null, baseURL: api, maxRetries: 0 });
  assert.equal((await other.kv.namespaces.get(id, own)).id, id);
});

await check("a base address without /client/v4 works", async () => {
  const bare = new Cloudflare({ apiToken: token, baseURL: url, maxRetries: 0 });
  assert.equal((await bare.kv.namespaces.get(id, own)).id, id);
});
