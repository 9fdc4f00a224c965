// Language 11.7: what a package names as a secret is neither seen by its program, nor printed, nor
// written into the evidence of a run.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, document, lumen, onlyTrace, project, type Ran } from "./testing/lumen.ts";

const NAME = "LUMEN_TEST_API_KEY";
const VALUE = "sk-9f8e7d6c5b4a";
const MANIFEST = '[package]\nname = "quiet"\nversion = "0.1.0"\n';
const AS_SECRET = `${MANIFEST}[secrets]\napi = "${NAME}"\n`;
const AS_KEY = `${MANIFEST}[providers.config.openai-compatible]\napi_key_env = "${NAME}"\n`;

beforeAll(() => {
  process.env[NAME] = VALUE;
});

afterAll(() => {
  delete process.env[NAME];
});

const PROGRAM = document(`
cell main()
  print("read:", read_file("KEYFILE"))
  print("env:", get(env_vars(), "${NAME}", "absent"), exec("printenv ${NAME}").stdout)
  let shown = exec("cat KEYFILE; cat KEYFILE >&2")
  print(shown)
  write_file("COPY", "copied " + read_file("KEYFILE"))
  let halves = ["${VALUE.slice(0, 8)}", "${VALUE.slice(8)}"]
  print(read_file("/no/such/" + join(halves, "")))
end
`);

describe("a secret that stands in a file", () => {
  let folder = "";
  let ran: Ran;

  beforeAll(async () => {
    folder = project({ "lumen.toml": AS_SECRET });
    const keyFile = join(folder, "key.txt");
    writeFileSync(keyFile, VALUE);
    const text = PROGRAM.replaceAll("KEYFILE", keyFile).replaceAll("COPY", join(folder, "copy"));
    writeFileSync(join(folder, "main.lm.md"), text);
    ran = await lumen(folder, "run");
  });

  it("is printed by its name only, in results, outputs of processes and faults", () => {
    const mark = `[secret ${NAME}]`;
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain(`read: ${mark}\nenv: absent \n`);
    expect(ran.stdout).toContain(`"stderr": "${mark}"`);
    expect(ran.stderr).toContain("read_file failed");
    expect(ran.stdout + ran.stderr).not.toContain(VALUE);
    expect(readFileSync(join(folder, "copy"), "utf8")).toBe(`copied ${mark}`);
  });

  it("is not in the trace, which replays and is verified", async () => {
    const trace = bytesOf(onlyTrace(folder));
    expect(Buffer.from(trace).includes(`[secret ${NAME}]`)).toBe(true);
    expect(Buffer.from(trace).includes(VALUE)).toBe(false);
    expect((await lumen(folder, "verify", onlyTrace(folder))).status).toBe(0);
    const replayed = await lumen(folder, "replay", onlyTrace(folder));
    expect(replayed).toMatchObject({ status: 0, stdout: expect.stringContaining("identical") });
  });
});

describe("get_env of a secret", () => {
  const COMPUTED = document(
    `cell main()\n  let tail = "KEY"\n  print(get_env("LUMEN_TEST_API_" + tail))\nend`,
  );
  const LITERAL = document(`cell main()\n  print(get_env("${NAME}"))\nend`);

  it.each([
    ["[secrets]", AS_SECRET],
    ["api_key_env", AS_KEY],
  ])("named by %s is refused at the door", async (_, manifest) => {
    const folder = project({ "main.lm.md": COMPUTED, "lumen.toml": manifest });
    const ran = await lumen(folder, "run");
    expect(ran).toMatchObject({ status: 1, stdout: "" });
    expect(ran.stderr).toContain(`policy violation for 'env.get_env': '${NAME}' is a secret`);
    const replayed = await lumen(folder, "replay", onlyTrace(folder));
    expect(replayed).toMatchObject({ status: 0, stdout: expect.stringContaining("identical") });
  });

  it("is an error where the name is a literal", async () => {
    const folder = project({ "main.lm.md": LITERAL, "lumen.toml": AS_SECRET });
    const checked = await lumen(folder, "check");
    expect(checked.status).toBe(1);
    expect(checked.stderr).toContain(`'${NAME}' is a secret: no program may ask for it`);
    expect(checked.stderr).toContain("E0106");
  });

  it("is allowed for a variable that nobody names, and for a lone file", async () => {
    const open = project({ "main.lm.md": LITERAL, "lumen.toml": MANIFEST });
    expect(await lumen(open, "run")).toMatchObject({ status: 0, stdout: `${VALUE}\n` });
    const lone = project({ "main.lm.md": LITERAL });
    expect(await lumen(lone, "run")).toMatchObject({ status: 0, stdout: `${VALUE}\n` });
  });
});

describe("a manifest", () => {
  it.each([
    ['secrets = "API_KEY"\n', "[secrets] is not a table"],
    ["providers = 3\n", "[providers] is not a table"],
    [
      "[secrets]\napi = 3\n",
      "[secrets] api: expected the name of an environment variable, found 3",
    ],
    [
      '[providers.config.x]\napi_key_env = ""\n',
      '[providers.config.x] api_key_env: expected the name of an environment variable, found ""',
    ],
  ])("with %j is refused", async (tables, message) => {
    const folder = project({
      "main.lm.md": document("cell main() -> Int = 1"),
      "lumen.toml": tables,
    });
    const ran = await lumen(folder, "run");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain(message);
  });
});
