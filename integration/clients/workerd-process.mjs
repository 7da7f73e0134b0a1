import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { token, url } from "./server.mjs";

// The platform's package has the program itself; the one named workerd only has a script that starts it.
const program = createRequire(import.meta.url).resolve(
  `@cloudflare/workerd-linux-${arch() === "x64" ? "64" : arch()}/bin/workerd`,
);

/**
 * Serves config.capnp of a folder, in a copy of the folder that also holds the given files and `authorization`, for the
 * configuration to embed. Its external service `holdfast*` is the server under test, whatever address it names.
 */
export async function startWorkerd(folder, files, externals = ["holdfast"]) {
  const work = mkdtempSync(join(process.cwd(), "workerd-"));
  cpSync(fileURLToPath(folder), work, { recursive: true });
  cpSync(fileURLToPath(new URL("checks.mjs", import.meta.url)), join(work, "checks.mjs"));
  for (const [name, content] of Object.entries({ ...files, authorization: `Bearer ${token}` })) {
    writeFileSync(join(work, name), content, { mode: 0o600 });
  }
  const words = ["serve", "config.capnp", "--control-fd=3", "--socket-addr=http=127.0.0.1:0"];
  for (const external of externals) {
    words.push(`--external-addr=${external}=${new URL(url).host}`);
  }
  const child = spawn(program, words, { cwd: work, stdio: ["ignore", "inherit", "inherit", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  process.once("exit", () => child.kill("SIGKILL"));
  const port = await Promise.race([listening(child.stdio[3]), ended.then(() => undefined), timeout(30_000)]);
  if (!port) {
    child.kill("SIGKILL");
    throw new Error("workerd did not start; see above");
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

async function listening(control) {
  for await (const line of createInterface({ input: control })) {
    const event = JSON.parse(line);
    if (event.event === "listen" && event.socket === "http") {
      return event.port;
    }
  }
}

const timeout = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());
