// Programs that ask the system: files, processes, environment, network, and end by themselves.
// A recorded run replays without the files and servers that it met.

import { existsSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import {
  document,
  lumen,
  lumenWith,
  onlyTrace,
  project,
  temporaryFolder,
} from "./testing/lumen.ts";

const MANIFEST = '[package]\nname = "system"\nversion = "0.1.0"\n';

describe("a recorded run that asks the system", () => {
  it("replays and verifies when files and server are gone", async () => {
    const server = createServer((request, response) => response.end(`seen ${request.method}`));
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const data = temporaryFolder();
    const folder = project({
      "lumen.toml": MANIFEST,
      "main.lm.md": document(`
cell main() -> Int
  let file = "${data}/notes/a.txt"
  mkdir("${data}/notes")
  write_file(file, "one\\n")
  append_file(file, "two\\n" + read_line())
  print(read_lines(file), exists(file), read_dir("${data}"), read_stdin())
  set_env("GREETING", "hi")
  print(exec("echo $GREETING; exit 2"), get_env("GREETING"), env_vars()["GREETING"])
  print(length(uuid()), length(uuid_v7()), hrtime() > 0, timestamp() > 0.0)
  sleep(1)
  let url = "http://127.0.0.1:${port}/"
  print(http_get(url), http_request("PUT", url)["body"])
  print(tcp_connect("nowhere")["error"], tcp_send(1, "x")["ok"], udp_bind("x")["ok"])
  remove_file(file)
  return length(walk_dir("${data}"))
end
`),
    });
    const ran = await lumenWith({ stdin: () => "three\nrest\n" }, folder, "run");
    server.close();
    rmSync(data, { recursive: true });
    expect(ran).toEqual({
      status: 0,
      stdout: [
        '["one", "two", "three"] true ["notes"] rest\n',
        '{"status": 2, "stderr": "", "stdout": "hi\n"} hi hi',
        "36 36 true true",
        '{"body": "seen GET", "ok": true, "status": 200} seen PUT',
        "no address of the form host:port: nowhere false false",
        "1\n",
      ].join("\n"),
      stderr: "",
    });
    const replayed = await lumen(folder, "replay", onlyTrace(folder));
    expect(replayed.stderr).toBe("");
    expect(replayed.status).toBe(0);
    expect((await lumen(folder, "verify", onlyTrace(folder))).status).toBe(0);
    expect(existsSync(data)).toBe(false);
  });
});

describe("exit", () => {
  const program = document(`
cell leave(n: Int) -> Int
  print("leaving")
  exit(n)
  print("never")
  return 5
end

cell main(n: Int) -> Int = leave(n)
`);

  it.each([0, 7])("ends the program with status %i", async (status) => {
    const folder = project({ "main.lm.md": program, "lumen.toml": MANIFEST });
    const ran = await lumen(folder, "run", "--input", String(status));
    expect(ran).toEqual({ status, stdout: "leaving\n", stderr: "" });
    const json = await lumen(
      folder,
      "run",
      "--format",
      "json",
      "--no-trace",
      "--input",
      String(status),
    );
    expect(json.stdout).toContain(`{"type":"exit","status":${status},"evidence":null}`);
    const trace = onlyTrace(folder);
    expect((await lumen(folder, "replay", trace)).status).toBe(0);
    expect((await lumen(folder, "verify", trace)).status).toBe(0);
  });

  it("refuses a status that no process can have", async () => {
    const folder = project({ "main.lm.md": program, "lumen.toml": MANIFEST });
    const ran = await lumen(folder, "run", "--input", "256");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("exit failed: status 256 is not within 0 … 255");
  });

  it("needs the capability of processes", async () => {
    const manifest = `${MANIFEST}[capabilities]\nfilesystem = true\n`;
    const folder = project({ "main.lm.md": program, "lumen.toml": manifest });
    const ran = await lumen(folder, "run", "--input", "3");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("process");
  });
});

describe("the file builtins", () => {
  it("fail with the name, the path and the reason", async () => {
    const folder = project({ "main.lm.md": document('cell main()\n  read_dir("gone")\nend\n') });
    const ran = await lumen(folder, "run");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("runtime error: read_dir failed: gone: ENOENT");
  });
});
