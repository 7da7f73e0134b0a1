// Calls every method of the KV binding that the path names, and answers with one line of JSON for each check.

import assert from "node:assert/strict";
import { byBytes, bytes, checks, inAMinuteOrTwo, largestValue, oddKeys } from "checks.mjs";

export default {
  async fetch(request, env) {
    const way = new URL(request.url).pathname.slice(1);
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    const encoder = new TextEncoder();
    const check = checks((line) => writer.write(encoder.encode(line)));
    const done = everyMethod(env[way], (name, body) => check(`by ${way}: ${name}`, body));
    done.then(() => writer.close(), (error) => writer.abort(error));
    return new Response(readable);
  },
};

/** Expects the call to fail with exactly this message. */
const fails = (call, message) => assert.rejects(call, { message });

const same = (a, b) => a.byteLength === b.byteLength && a.every((byte, i) => byte === b[i]);

async function everyMethod(kv, check) {
  await reading(kv, check);
  await writing(kv, check);
  await metadata(kv, check);
  await expiring(kv, check);
  await listing(kv, check);
  await several(kv, check);
  await limits(kv, check);
}

async function reading(kv, check) {
  await check("get as text, JSON, buffer and stream", async () => {
    await kv.put("json", '{"a":[1,"é😀"]}');
    assert.equal(await kv.get("json"), '{"a":[1,"é😀"]}');
    assert.equal(await kv.get("json", "text"), '{"a":[1,"é😀"]}');
    assert.deepEqual(await kv.get("json", "json"), { a: [1, "é😀"] });
    assert.equal(new TextDecoder().decode(await kv.get("json", { type: "arrayBuffer" })), '{"a":[1,"é😀"]}');
    assert.equal(await new Response(await kv.get("json", "stream")).text(), '{"a":[1,"é😀"]}');
  });

  await check("get with a cacheTtl", async () => {
    assert.deepEqual(await kv.get("json", { type: "json", cacheTtl: 60 }), { a: [1, "é😀"] });
    await fails(kv.get("json", { cacheTtl: 29 }), "KV GET failed: 400 Invalid cache_ttl of 29. Cache TTL must be at least 30.");
  });

  await check("get of a missing key is null, as every type", async () => {
    for (const type of ["text", "json", "arrayBuffer", "stream"]) {
      assert.equal(await kv.get("missing", type), null);
    }
    assert.deepEqual(await kv.getWithMetadata("missing"), { value: null, metadata: null, cacheStatus: "HIT" });
  });

  await check("delete removes, and deleting what is missing succeeds", async () => {
    await kv.put("short-lived", "v");
    await kv.delete("short-lived");
    assert.equal(await kv.get("short-lived"), null);
    await kv.delete("short-lived");
  });
}

async function writing(kv, check) {
  await check("put of a string, of an empty one, and of a number", async () => {
    for (const value of ["héllo 😀", "", 42]) {
      await kv.put("value", value);
      assert.equal(await kv.get("value"), String(value));
    }
  });

  await check("put of an ArrayBuffer and of a view", async () => {
    const value = bytes(100_000);
    await kv.put("value", value.buffer);
    assert.ok(same(new Uint8Array(await kv.get("value", "arrayBuffer")), value));
    await kv.put("value", value.subarray(10, 1_010));
    assert.ok(same(new Uint8Array(await kv.get("value", "arrayBuffer")), value.subarray(10, 1_010)));
  });

  await check("put of a stream of unknown length", async () => {
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    const put = kv.put("value", readable);
    const parts = [bytes(70_000), bytes(3), bytes(150_000)];
    for (const part of parts) {
      await writer.write(part);
    }
    await writer.close();
    await put;
    const expected = new Uint8Array(await new Blob(parts).arrayBuffer());
    assert.ok(same(new Uint8Array(await kv.get("value", "arrayBuffer")), expected));
  });

  await check("put of a stream of known length", async () => {
    const value = bytes(50_000);
    const { readable, writable } = new FixedLengthStream(value.length);
    const put = kv.put("value", readable);
    const writer = writable.getWriter();
    await writer.write(value);
    await writer.close();
    await put;
    assert.ok(same(new Uint8Array(await kv.get("value", "arrayBuffer")), value));
  });

  for (const key of oddKeys) {
    await check(`key name ${JSON.stringify(key.slice(0, 24))} survives`, async () => {
      await kv.put(key, `value of ${key}`);
      assert.equal(await kv.get(key), `value of ${key}`);
      assert.ok((await kv.list({ prefix: key })).keys.some((each) => each.name === key));
      await kv.delete(key);
      assert.equal(await kv.get(key), null);
    });
  }
}

async function metadata(kv, check) {
  await check("metadata of every kind comes back, non-ASCII included", async () => {
    for (const each of [{ a: 1, u: "é🤓" }, "text", "", [1, null], 0, false]) {
      await kv.put("described", "v", { metadata: each });
      assert.deepEqual(await kv.getWithMetadata("described"), { value: "v", metadata: each, cacheStatus: "HIT" });
      assert.deepEqual((await kv.list({ prefix: "described" })).keys, [{ name: "described", metadata: each }]);
    }
  });

  await check("getWithMetadata as JSON, buffer and stream", async () => {
    await kv.put("described", "[1]", { metadata: { m: 1 } });
    assert.deepEqual((await kv.getWithMetadata("described", "json")).value, [1]);
    assert.equal((await kv.getWithMetadata("described", "arrayBuffer")).value.byteLength, 3);
    assert.equal(await new Response((await kv.getWithMetadata("described", "stream")).value).text(), "[1]");
  });

  await check("the next put without metadata removes it", async () => {
    await kv.put("described", "v");
    assert.equal((await kv.getWithMetadata("described")).metadata, null);
  });

  await check("metadata may have 1024 bytes and not one more", async () => {
    const most = "m".repeat(1022);
    await kv.put("described", "most", { metadata: most });
    assert.equal((await kv.getWithMetadata("described")).metadata, most);
    await fails(
      kv.put("described", "more", { metadata: most + "m" }),
      "KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024.",
    );
    assert.equal(await kv.get("described"), "most");
  });
}

async function expiring(kv, check) {
  const expirationOf = async (key) => (await kv.list({ prefix: key })).keys[0].expiration;

  await check("expiration and expirationTtl are kept, and the ttl wins", async () => {
    const expiration = inAMinuteOrTwo();
    await kv.put("expiring", "v", { expiration });
    assert.equal(await expirationOf("expiring"), expiration);
    await kv.put("expiring", "v", { expiration: 1, expirationTtl: 3600 });
    assert.ok((await expirationOf("expiring")) > expiration + 3000);
    await kv.put("expiring", "v");
    assert.equal(await expirationOf("expiring"), undefined);
  });

  await check("an expirationTtl under 60 is refused in the words of Workers KV", async () => {
    await fails(
      kv.put("expiring", "w", { expirationTtl: 59 }),
      "KV PUT failed: 400 Invalid expiration_ttl of 59. Expiration TTL must be at least 60.",
    );
    await fails(
      kv.put("expiring", "w", { expirationTtl: -1 }),
      "KV PUT failed: 400 Invalid expiration_ttl of -1. Please specify integer greater than 0.",
    );
  });

  await check("an expiration in the past or too soon is refused in the words of Workers KV", async () => {
    await fails(
      kv.put("expiring", "w", { expiration: 1000 }),
      "KV PUT failed: 400 Invalid expiration of 1000. " +
        "Please specify integer greater than the current number of seconds since the UNIX epoch.",
    );
    const soon = Math.floor(Date.now() / 1000) + 30;
    await fails(
      kv.put("expiring", "w", { expiration: soon }),
      `KV PUT failed: 400 Invalid expiration of ${soon}. Expiration times must be at least 60 seconds in the future.`,
    );
    assert.equal(await kv.get("expiring"), "v");
  });
}

async function listing(kv, check) {
  const names = Array.from({ length: 25 }, (_, i) => `list/${i % 2 ? "k" : "é😀"}${i}`).sort(byBytes);

  await check("list with prefix, limit and cursor pages over all keys, each once, in the order of their bytes", async () => {
    await Promise.all(names.map((name) => kv.put(name, "v")));
    const seen = [];
    let cursor;
    let pages = 0;
    do {
      const page = await kv.list({ prefix: "list/", limit: 10, cursor });
      seen.push(...page.keys.map((key) => key.name));
      assert.equal(page.cacheStatus, null);
      assert.equal("cursor" in page, !page.list_complete);
      cursor = page.cursor;
      pages++;
    } while (cursor);
    assert.deepEqual(seen, names);
    assert.equal(pages, 3);
  });

  await check("a page that ends with the last key says whether there is more truthfully", async () => {
    const first = await kv.list({ prefix: "list/", limit: 25 });
    assert.equal(first.keys.length, 25);
    if (!first.list_complete) {
      const next = await kv.list({ prefix: "list/", cursor: first.cursor });
      assert.deepEqual([next.keys, next.list_complete], [[], true]);
    }
  });

  await check("list without options, and with a prefix that nothing has", async () => {
    const all = await kv.list();
    assert.ok(all.list_complete && all.keys.length > 25);
    assert.deepEqual(await kv.list({ prefix: "nothing" }), { keys: [], list_complete: true, cacheStatus: null });
  });

  await check("a deleted key is not listed, and does not shorten the page", async () => {
    await kv.delete(names[0]);
    const { keys } = await kv.list({ prefix: "list/", limit: 10 });
    assert.deepEqual(keys.map((key) => key.name), names.slice(1, 11));
  });

  await check("list with a limit over 1000 is refused in the words of Workers KV", async () => {
    await fails(
      kv.list({ limit: 1001 }),
      "KV GET failed: 400 Invalid key_count_limit of 1001. Please specify an integer less than 1000.",
    );
  });

  await check("a prefix of 513 bytes is refused in the words of Workers KV", async () => {
    await fails(
      kv.list({ prefix: "p".repeat(513) }),
      "KV GET failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512.",
    );
  });
}

async function several(kv, check) {
  await check("get of several keys as text and JSON", async () => {
    await kv.put("several/a", '{"a":1}', { metadata: { m: "é🤓" } });
    await kv.put("several/b", "0");
    const keys = ["several/a", "several/b", "missing"];
    assert.deepEqual([...(await kv.get(keys))], [["several/a", '{"a":1}'], ["several/b", "0"], ["missing", null]]);
    assert.deepEqual([...(await kv.get(keys, "json"))], [["several/a", { a: 1 }], ["several/b", 0], ["missing", null]]);
  });

  await check("getWithMetadata of several keys", async () => {
    const found = await kv.getWithMetadata(["several/a", "several/b", "missing"], { type: "json", cacheTtl: 300 });
    assert.deepEqual(found.get("several/a"), { value: { a: 1 }, metadata: { m: "é🤓" } });
    assert.deepEqual(found.get("several/b"), { value: 0, metadata: null });
    assert.equal(found.get("missing"), null);
  });

  await check("get of 100 keys works, of 101 or none is refused in the words of Workers KV", async () => {
    const keys = Array.from({ length: 101 }, (_, i) => `several/none/${i}`);
    assert.equal((await kv.get(keys.slice(1))).size, 100);
    await fails(kv.get(keys), "KV GET_BULK failed: 400 You can request a maximum of 100 keys");
    await fails(kv.get([]), "KV GET_BULK failed: 400 You must request a minimum of 1 key");
  });

  await check("get of several keys as another type, or of what is no JSON, is refused in the words of Workers KV", async () => {
    await fails(
      kv.get(["several/a"], "arrayBuffer"),
      'KV GET_BULK failed: 400 "arrayBuffer" is not a valid type. Use "json" or "text"',
    );
    await kv.put("several/c", "{no");
    await fails(
      kv.get(["several/a", "several/c"], "json"),
      "KV GET_BULK failed: 400 At least one of the requested keys corresponds to a non-json value",
    );
  });
}

async function limits(kv, check) {
  await check("a value may have 25 MiB", async () => {
    const value = bytes(largestValue);
    await kv.put("largest", value);
    assert.ok(same(new Uint8Array(await kv.get("largest", "arrayBuffer")), value));
  });

  await check("25 MiB in a stream of unknown length", async () => {
    const { readable, writable } = new TransformStream();
    const value = bytes(largestValue);
    const piped = new Blob([value]).stream().pipeTo(writable);
    await kv.put("largest", readable);
    await piped;
    assert.ok(same(new Uint8Array(await kv.get("largest", "arrayBuffer")), value));
  });

  await check("a value of a byte more is refused in the words of Workers KV", async () => {
    await fails(
      kv.put("too-large", bytes(largestValue + 1)),
      "KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400.",
    );
    assert.equal(await kv.get("too-large"), null);
    await kv.delete("largest");
  });
}
