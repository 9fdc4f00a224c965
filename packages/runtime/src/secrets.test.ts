// Values of secrets do not pass the door, in either direction (language 11.7).

import { displayNested, mapFromEntries, Tuple, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import {
  type DoorAnswer,
  type DoorRequest,
  makeDoor,
  SECRET_LENGTH_MIN,
  secretLayers,
  secretsOf,
  withoutSecrets,
} from "./index.ts";

const KEY = 'k"ey+/é-0123';
const ENVIRONMENT = { API_KEY: KEY, PIN: "1234567", HOME: "/home/ada", LONG: `${KEY}456` };
const SECRETS = secretsOf(["API_KEY", "LONG", "PIN", "UNSET"], ENVIRONMENT);

/** What the provider was asked and what the program gets. */
async function exchange(
  request: DoorRequest,
  answer: DoorAnswer,
  secrets = SECRETS,
): Promise<{ readonly seen: readonly Value[] | null; readonly found: DoorAnswer }> {
  let seen: readonly Value[] | null = null;
  const { questions, answers } = secretLayers(secrets);
  const door = makeDoor([questions, answers], async (asked) => {
    seen = asked.args;
    return answer;
  });
  return { found: await door(request), seen };
}

const DONE: DoorAnswer = { ok: true, value: null };

describe("secretLayers", () => {
  it("refuse the question for a secret, set or not, and no other", async () => {
    for (const name of ["API_KEY", "PIN", "UNSET"]) {
      const asked = { effect: "env", operation: "get_env", args: [name] };
      const message = `policy violation for 'env.get_env': '${name}' is a secret`;
      expect(await exchange(asked, DONE)).toEqual({
        seen: null,
        found: { ok: false, code: "E_POLICY", message },
      });
    }
    const home = { effect: "env", operation: "get_env", args: ["HOME"] };
    expect((await exchange(home, DONE)).seen).toEqual(["HOME"]);
    const file = { effect: "fs", operation: "exists", args: ["API_KEY"] };
    expect((await exchange(file, DONE)).seen).toEqual(["API_KEY"]);
  });

  it("take values out of requests, in all parts and as URLs and headers carry them", async () => {
    const encoded = Buffer.from(KEY).toString("base64");
    const args = [
      `a ${KEY} b ${encodeURIComponent(KEY)} c ${encoded} d ${JSON.stringify(KEY)}`,
      mapFromEntries([{ key: KEY, value: new Tuple([7, KEY]) }]),
    ];
    const { seen } = await exchange({ effect: "http", operation: "http_get", args }, DONE);
    const mark = "[secret API_KEY]";
    expect(seen?.[0]).toBe(`a ${mark} b ${mark} c ${mark} d "${mark}"`);
    expect(displayNested(seen?.[1] ?? null)).toBe(`{"${mark}": (7, "${mark}")}`);
  });

  it("take values out of answers and errors, bytes included", async () => {
    const request = { effect: "fs", operation: "read_file", args: [] };
    const failing: DoorAnswer = { ok: false, code: "E_IO", message: `bad key ${KEY}!` };
    expect((await exchange(request, failing)).found).toEqual({
      ...failing,
      message: "bad key [secret API_KEY]!",
    });
    const bytes = new Uint8Array([0xff, ...Buffer.from(KEY), 0xfe]);
    const { found } = await exchange(request, { ok: true, value: bytes });
    const expected = new Uint8Array([0xff, ...Buffer.from("[secret API_KEY]"), 0xfe]);
    expect(found).toEqual({ ok: true, value: expected });
  });

  it("name the longer of two secrets that begin alike", async () => {
    const request = { effect: "fs", operation: "read_file", args: [] };
    const { found } = await exchange(request, { ok: true, value: `${KEY}456` });
    expect(found).toEqual({ ok: true, value: "[secret LONG]" });
  });

  it("leave texts alone that hold a value too short to be told from others", async () => {
    const request = { effect: "fs", operation: "read_file", args: [] };
    const short = "x".repeat(SECRET_LENGTH_MIN - 1);
    const least = "y".repeat(SECRET_LENGTH_MIN);
    const secrets = secretsOf(["A", "B"], { A: short, B: least });
    const { found } = await exchange(request, { ok: true, value: short + least }, secrets);
    expect(found).toEqual({ ok: true, value: `${short}[secret B]` });
  });
});

describe("withoutSecrets", () => {
  it("leaves the other variables", () => {
    expect(withoutSecrets(ENVIRONMENT, SECRETS)).toEqual({ HOME: "/home/ada" });
  });
});
