// The server under test, as the test that starts a script describes it in the environment.

function needed(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set; these scripts are run by integration/run`);
  }
  return value;
}

/** Such as http://127.0.0.1:4653 */
export const url = needed("HOLDFAST_URL");
export const token = needed("HOLDFAST_TOKEN");
export const account = needed("HOLDFAST_ACCOUNT");
export const api = `${url}/client/v4`;
const namespaces = `${api}/accounts/${account}/storage/kv/namespaces`;

const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };

async function ask(method, path, body) {
  const reply = await fetch(namespaces + path, { method, headers, body: body && JSON.stringify(body) });
  const answer = await reply.json();
  if (!answer.success) {
    throw new Error(`${method} ${path}: ${JSON.stringify(answer.errors)}`);
  }
  return answer.result;
}

// What the scripts need beside their client: what it cannot do, and a quick look at what it has done.

/** Makes a namespace and gives its id. */
export async function makeNamespace(title) {
  return (await ask("POST", "", { title })).id;
}

export const putAll = (id, items) => ask("PUT", `/${id}/bulk`, items);

export const allNamespaces = () => ask("GET", "?per_page=1000");

/** The first thousand keys. */
export const listKeys = (id, prefix) => ask("GET", `/${id}/keys?prefix=${encodeURIComponent(prefix)}`);

/** The value as text; undefined when the key is missing. */
export async function valueOf(id, key) {
  const reply = await fetch(`${namespaces}/${id}/values/${encodeURIComponent(key)}`, { headers });
  return reply.ok ? reply.text() : undefined;
}
