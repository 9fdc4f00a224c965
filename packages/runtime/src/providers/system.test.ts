// Environment and processes: what a program sets is its own, how processes end.

import { tmpdir } from "node:os";
import { displayNested, MapValue, mapGet, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { systemProviders } from "../index.ts";
import { EXEC_OUTPUT_MAX } from "./system.ts";

const view = {
  workingDirectory: tmpdir(),
  environment: { PATH: process.env.PATH, A: "1" },
  args: ["x"],
};

/** Asks providers of one program. */
function program(): (name: string, ...args: readonly Value[]) => Promise<string> {
  const providers = systemProviders(view);
  return async (name, ...args) => {
    const found = await providers[name]?.(args);
    if (found === undefined) throw new Error(`no provider for ${name}`);
    return found.ok ? displayNested(found.value) : `${found.code} ${found.message}`;
  };
}

describe("environment", () => {
  it("is copied: what a program sets, it and its processes see", async () => {
    const ask = program();
    expect(await ask("env.set_env", "B", "two")).toBe("null");
    expect(await ask("env.get_env", "B")).toBe('"two"');
    expect(await ask("env.env_vars")).toContain('"A": "1", "B": "two"');
    expect(await ask("process.exec", "echo $B")).toContain('"stdout": "two\n"');
    expect(process.env.B).toBeUndefined();
    expect(await program()("env.get_env", "B")).toBe("null");
    expect(await ask("env.args")).toBe('["x"]');
  });

  it.each([
    ["", "x"],
    ["A=B", "x"],
    ["A", "\0"],
  ])("refuses the name %j with %j", async (name, value) => {
    expect(await program()("env.set_env", name, value)).toContain(
      "E_TRAP_OTHER runtime error: set_env",
    );
  });
});

describe("exec", () => {
  it("gives both outputs and the status, in the working directory", async () => {
    const ask = program();
    expect(await ask("process.exec", "echo out; echo err >&2; exit 3")).toBe(
      '{"status": 3, "stderr": "err\n", "stdout": "out\n"}',
    );
    expect(await ask("process.exec", "kill -9 $$")).toBe(
      '{"status": -1, "stderr": "", "stdout": ""}',
    );
    expect(await ask("process.exec", "cat")).toContain('"stdout": ""');
    expect(await ask("process.exec", "pwd")).toContain(tmpdir());
  });

  it("fails where the shell is missing, and above its bound", async () => {
    const lost = systemProviders({ ...view, workingDirectory: "/nowhere" });
    expect(await lost["process.exec"]?.(["true"])).toEqual({
      ok: false,
      code: "E_IO",
      message: "runtime error: exec failed: ENOENT",
    });
    const zeros = (bytes: number): string => `head -c ${bytes} /dev/zero`;
    const full = await systemProviders(view)["process.exec"]?.([zeros(EXEC_OUTPUT_MAX)]);
    const value = full?.ok === true ? full.value : null;
    expect(value instanceof MapValue && String(mapGet(value, "stdout")).length).toBe(
      EXEC_OUTPUT_MAX,
    );
    expect(await program()("process.exec", zeros(EXEC_OUTPUT_MAX + 1))).toBe(
      `E_IO runtime error: exec failed: more than ${EXEC_OUTPUT_MAX} bytes of output`,
    );
  });
});

describe("exit", () => {
  it("takes the statuses that a process can have", async () => {
    const ask = program();
    expect(await ask("process.exit", 0)).toBe("null");
    expect(await ask("process.exit", 255)).toBe("null");
    for (const status of [-1, 256]) {
      expect(await ask("process.exit", status)).toContain(`exit failed: status ${status} is not`);
    }
  });
});
