// Every kv command of wrangler, run as people run it: a process, its output and its exit code.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { byBytes, bytes, checks, inAMinuteOrTwo, largestValue } from "./checks.mjs";
import { account, allNamespaces, api, listKeys, token, valueOf } from "./server.mjs";

const check = checks((line) => process.stdout.write(line));
const program = fileURLToPath(new URL("node_modules/.bin/wrangler", import.meta.url));
const environment = {
  PATH: process.env.PATH,
  HOME: process.cwd(),
  XDG_CONFIG_HOME: process.cwd(),
  CI: "1",
  NO_COLOR: "1",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_WRITE_LOGS: "false",
  CLOUDFLARE_API_BASE_URL: api,
  CLOUDFLARE_ACCOUNT_ID: account,
  CLOUDFLARE_API_TOKEN: token,
};

/** Runs wrangler to its end, whatever that is: {code, stdout (bytes), text (of both outputs)}. */
function run(words, env = environment) {
  const options = { env, encoding: "buffer", timeout: 120_000, maxBuffer: 2 * largestValue };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], options, (error, stdout, stderr) => {
      const code = error ? (error.code ?? error.signal) : 0;
      resolve({ code, stdout, text: `${stdout.length < 100_000 ? stdout : ""}${stderr}` });
    });
  });
}

async function wrangler(...words) {
  const ended = await run(words);
  assert.equal(ended.code, 0, `wrangler ${words.join(" ")} ended with ${ended.code}:\n${ended.text}`);
  return ended;
}

/** Runs a command that has to fail, and gives what it said. */
async function refused(...words) {
  const ended = await run(words);
  assert.equal(ended.code, 1, `wrangler ${words.join(" ")} ended with ${ended.code}:\n${ended.text}`);
  return ended.text;
}

async function create(title, ...options) {
  const { text } = await wrangler("kv", "namespace", "create", title, ...options);
  const [id] = text.match(/\b[0-9a-f]{32}\b/) ?? assert.fail(`no id in:\n${text}`);
  return id;
}

const titles = async () => (await allNamespaces()).map((namespace) => namespace.title);

function write(file, content) {
  writeFileSync(file, typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content));
  return file;
}

// Namespaces

let id;

await check("namespace create makes a namespace and prints its id", async () => {
  id = await create("wrangler");
  const found = (await allNamespaces()).find((namespace) => namespace.title === "wrangler");
  assert.deepEqual(found, { id, title: "wrangler", supports_url_encoding: true });
});

if (!id) {
  process.exit(1);
}

const kv = (group, verb, ...words) => wrangler("kv", group, verb, ...words, "--namespace-id", id, "--remote");
const kvRefused = (group, verb, ...words) => refused("kv", group, verb, ...words, "--namespace-id", id, "--remote");
const get = async (key) => (await kv("key", "get", key)).stdout;
const getText = async (key) => (await kv("key", "get", key, "--text")).stdout.toString();
const list = async (...words) => JSON.parse((await kv("key", "list", ...words)).stdout);
const listed = async (key) => (await listKeys(id, key)).find((entry) => entry.name === key);

await check("namespace create of a title that exists says so (10014)", async () => {
  const text = await refused("kv", "namespace", "create", "wrangler");
  assert.match(text, /A KV namespace with the title "wrangler" already exists/);
});

await check("namespace create --preview makes <title>_preview", async () => {
  await create("pv", "--preview");
  assert.ok((await titles()).includes("pv_preview"));
});

await check("namespace create --jurisdiction keeps the jurisdiction", async () => {
  const eu = await create("in-the-eu", "--jurisdiction", "eu");
  assert.equal((await allNamespaces()).find((namespace) => namespace.id === eu).jurisdiction, "eu");
});

await check("namespace list shows all of them, by title", async () => {
  const listed = JSON.parse((await wrangler("kv", "namespace", "list")).stdout);
  const all = await allNamespaces();
  assert.equal(listed.length, all.length);
  assert.deepEqual(listed, all.sort((a, b) => byBytes(a.title, b.title)));
});

await check("namespace rename by title", async () => {
  await create("before");
  await wrangler("kv", "namespace", "rename", "before", "--new-name", "after");
  const all = await titles();
  assert.ok(all.includes("after") && !all.includes("before"));
});

await check("namespace rename by id", async () => {
  const renamed = await create("first-name");
  await wrangler("kv", "namespace", "rename", "--namespace-id", renamed, "--new-name", "second-name");
  assert.equal((await allNamespaces()).find((namespace) => namespace.id === renamed).title, "second-name");
});

await check("namespace rename to a title that exists is refused", async () => {
  const text = await refused("kv", "namespace", "rename", "second-name", "--new-name", "wrangler");
  assert.match(text, /already exists/);
  assert.ok((await titles()).includes("second-name"));
});

await check("namespace delete by title", async () => {
  await wrangler("kv", "namespace", "delete", "after", "-y");
  assert.ok(!(await titles()).includes("after"));
});

await check("namespace delete by id, and its keys cannot be read any more", async () => {
  const gone = await create("to-be-deleted");
  await wrangler("kv", "key", "put", "k", "v", "--namespace-id", gone, "--remote");
  await wrangler("kv", "namespace", "delete", "--namespace-id", gone, "-y");
  assert.ok(!(await titles()).includes("to-be-deleted"));
  assert.match(await refused("kv", "key", "get", "k", "--namespace-id", gone, "--remote"), /404/);
});

await check("namespace delete of a missing one says so (10013)", async () => {
  const missing = "f".repeat(32);
  const text = await refused("kv", "namespace", "delete", "--namespace-id", missing, "-y");
  assert.match(text, /namespace not found \[code: 10013\]/);
});

// One key

await check("key put and get --text", async () => {
  await kv("key", "put", "greeting", "héllo 😀");
  assert.equal((await getText("greeting")).trimEnd(), "héllo 😀");
});

await check("key put --path and get give the exact bytes", async () => {
  const value = bytes(100_000);
  await kv("key", "put", "binary", "--path", write("binary", value));
  assert.ok((await get("binary")).equals(value));
});

await check("key put --path of 25 MiB and get give the exact bytes", async () => {
  const value = bytes(largestValue);
  await kv("key", "put", "largest", "--path", write("largest", value));
  assert.ok((await get("largest")).equals(value));
});

await check("key put --path of a byte more than 25 MiB is refused", async () => {
  const text = await kvRefused("key", "put", "too-large", "--path", write("too-large", bytes(largestValue + 1)));
  assert.match(text, /26214400|25 ?Mi?B|413/i);
  assert.equal(await listed("too-large"), undefined);
});

await check("key names with slashes, spaces, percents and emoji survive", async () => {
  const key = "a/b:c?d e%é😀+&=#";
  await kv("key", "put", key, "odd");
  assert.equal((await getText(key)).trimEnd(), "odd");
  assert.deepEqual(await list("--prefix", key), [{ name: key }]);
  await kv("key", "delete", key);
  assert.equal(await valueOf(id, key), undefined);
});

await check("key put --metadata shows in the list, and the value is untouched", async () => {
  await kv("key", "put", "described", "value", "--metadata", '{"a":1,"u":"é🤓"}');
  assert.deepEqual(await listed("described"), { name: "described", metadata: { a: 1, u: "é🤓" } });
  assert.equal(await valueOf(id, "described"), "value");
});

await check("key put --path --metadata keeps both", async () => {
  const value = bytes(5_000);
  await kv("key", "put", "both", "--path", write("both", value), "--metadata", '{"x":1}');
  assert.deepEqual((await listed("both")).metadata, { x: 1 });
  assert.ok((await get("both")).equals(value));
});

await check("key put --ttl sets the expiration", async () => {
  const before = Math.floor(Date.now() / 1000);
  await kv("key", "put", "ttl", "v", "--ttl", "3600");
  const { expiration } = await listed("ttl");
  assert.ok(expiration >= before + 3600 && expiration <= before + 3660, `${expiration} after ${before}`);
});

await check("key put --expiration sets it exactly", async () => {
  const expiration = inAMinuteOrTwo();
  await kv("key", "put", "expiration", "v", "--expiration", String(expiration));
  assert.equal((await listed("expiration")).expiration, expiration);
});

await check("key put with --ttl and --expiration follows the ttl", async () => {
  const before = Math.floor(Date.now() / 1000);
  await kv("key", "put", "ttl-wins", "v", "--ttl", "3600", "--expiration", String(before + 90));
  assert.ok((await listed("ttl-wins")).expiration >= before + 3600);
});

await check("key put without them makes it last for ever again", async () => {
  await kv("key", "put", "ttl", "v2");
  assert.deepEqual(await listed("ttl"), { name: "ttl" });
});

await check("key put --ttl under 60 seconds is refused (10034) and writes nothing", async () => {
  assert.match(await kvRefused("key", "put", "short", "v", "--ttl", "59"), /10034/);
  assert.equal(await listed("short"), undefined);
});

await check("key put --expiration in the past is refused (10033)", async () => {
  assert.match(await kvRefused("key", "put", "past", "v", "--expiration", "1000"), /10033/);
});

await check("key get of a missing key fails with 404", async () => {
  assert.match(await kvRefused("key", "get", "missing"), /404: Not Found/);
});

await check("key delete removes it, and deleting it again succeeds", async () => {
  await kv("key", "put", "short-lived", "v");
  await kv("key", "delete", "short-lived");
  assert.equal(await valueOf(id, "short-lived"), undefined);
  await kv("key", "delete", "short-lived");
});

await check("key list of a missing namespace says so (10013)", async () => {
  const text = await refused("kv", "key", "list", "--namespace-id", "f".repeat(32), "--remote");
  assert.match(text, /namespace not found.*\[code: 10013\]/);
});

// Many keys

const many = Array.from({ length: 2_345 }, (_, i) => `many/${i % 7 ? "k" : "é😀"}${i}`);

await check("bulk put takes more keys than one request holds", async () => {
  await kv("bulk", "put", write("many.json", many.map((key) => ({ key, value: `value of ${key}` }))));
  assert.equal(await valueOf(id, many.at(-1)), `value of ${many.at(-1)}`);
});

await check("key list pages over all keys, each once, in the order of their bytes", async () => {
  const names = (await list("--prefix", "many/")).map((key) => key.name);
  assert.deepEqual(names, [...many].sort(byBytes));
});

await check("key list without a prefix shows everything", async () => {
  const names = (await list()).map((key) => key.name);
  assert.ok(names.includes("greeting") && names.length > many.length);
  assert.deepEqual(names, [...new Set(names)].sort(byBytes));
});

await check("key list --prefix shows only what starts with it", async () => {
  const names = (await list("--prefix", "many/k23")).map((key) => key.name);
  assert.deepEqual(names, many.filter((key) => key.startsWith("many/k23")).sort(byBytes));
  assert.deepEqual(await list("--prefix", "no such prefix"), []);
});

await check("bulk put keeps base64 values, metadata and expirations", async () => {
  const expiration = inAMinuteOrTwo();
  const value = bytes(1_000);
  const items = [
    { key: "bulk/binary", value: Buffer.from(value).toString("base64"), base64: true },
    { key: "bulk/described", value: "v", metadata: { deep: [1, "é🤓", null] }, expiration },
    { key: "bulk/empty", value: "" },
  ];
  await kv("bulk", "put", write("bulk.json", items));
  assert.ok((await get("bulk/binary")).equals(value));
  assert.deepEqual(await listKeys(id, "bulk/"), [
    { name: "bulk/binary" },
    { name: "bulk/described", expiration, metadata: { deep: [1, "é🤓", null] } },
    { name: "bulk/empty" },
  ]);
});

await check("bulk put with one bad item is refused and writes nothing", async () => {
  const items = [{ key: "good", value: "v" }, { key: "bad", value: "v", expiration_ttl: 1 }];
  await kvRefused("bulk", "put", write("bad.json", items));
  assert.equal(await listed("good"), undefined);
});

await check("bulk get gives every asked key, and nothing for the missing", async () => {
  const { stdout } = await kv("bulk", "get", write("get.json", ["greeting", "bulk/empty", "missing"]));
  const values = JSON.parse(stdout.toString().slice(0, stdout.toString().lastIndexOf("}") + 1));
  assert.deepEqual(values, { greeting: "héllo 😀", "bulk/empty": "", missing: null });
});

await check("bulk delete removes all of them, and tolerates the missing", async () => {
  await kv("bulk", "delete", write("delete.json", [...many, "missing"]), "-f");
  assert.deepEqual(await listKeys(id, "many/"), []);
  assert.equal(await valueOf(id, "greeting"), "héllo 😀");
});

// Who may

await check("a wrong token is an authentication error (10000)", async () => {
  const ended = await run(["kv", "namespace", "list"], { ...environment, CLOUDFLARE_API_TOKEN: "hf_wrong" });
  assert.equal(ended.code, 1);
  assert.match(ended.text, /Authentication error \[code: 10000\]/);
});

await check("e-mail and API key work as the token does", async () => {
  const { CLOUDFLARE_API_TOKEN, ...rest } = environment;
  const env = { ...rest, CLOUDFLARE_EMAIL: "someone@example.com", CLOUDFLARE_API_KEY: CLOUDFLARE_API_TOKEN };
  const ended = await run(["kv", "namespace", "list"], env);
  assert.equal(ended.code, 0, ended.text);
  assert.ok(JSON.parse(ended.stdout).some((namespace) => namespace.id === id));
});
