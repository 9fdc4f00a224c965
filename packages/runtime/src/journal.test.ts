// Recording and replaying at the door: what is written, what comes back, and how a run that asks
// something else is stopped.

import { failure } from "@lumen/core/diagnostic";
import { decodeValue, encodeValue, valueDigest } from "@lumen/core/encoding";
import { err, ok } from "@lumen/core/result";
import { Float, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import {
  type DoorAnswer,
  type DoorRequest,
  HostStop,
  type JournalAnswer,
  type JournalEntry,
  type JournalRequest,
  makeHost,
  recordingLayer,
  replayLayer,
} from "./index.ts";

const PROVIDERS = {
  "fs.read_file": (args: readonly Value[]): DoorAnswer =>
    args[0] === "gone"
      ? { ok: false, code: "E_IO", message: "no such file" }
      : { ok: true, value: `content of ${String(args[0])}` },
  "time.timestamp": (): DoorAnswer => ({ ok: true, value: new Float(1.5) }),
  "random.random_int": (): DoorAnswer => ({ ok: true, value: "not a number" }),
  "emit.debug": (): DoorAnswer => ({ ok: true, value: null }),
};

interface Journal {
  readonly log: string[];
  readonly requests: JournalRequest[];
  readonly entries: JournalEntry[];
  readonly host: (request: DoorRequest) => Promise<DoorAnswer>;
}

function recording(): Journal {
  const log: string[] = [];
  const requests: JournalRequest[] = [];
  const entries: JournalEntry[] = [];
  const sink = recordingLayer({
    open: (request) => {
      log.push(`open ${request.operation}`);
      requests.push(request);
      return requests.length - 1;
    },
    close: (handle, answer: JournalAnswer) => {
      const { effect, operation, args } = requests[Number(handle)] ?? {
        effect: "",
        operation: "",
        args: new Uint8Array(),
      };
      log.push(`close ${operation}`);
      entries.push({ request: { effect, operation, argsDigest: valueDigest(args) }, answer });
      return ok(null);
    },
  });
  return { log, requests, entries, host: makeHost([sink], PROVIDERS) };
}

const request = (name: string, ...args: readonly Value[]): DoorRequest => {
  const [effect = "", operation = ""] = name.split(".");
  return { effect, operation, args };
};

const ASKED = [
  request("fs.read_file", "a"),
  request("time.timestamp"),
  request("fs.read_file", "gone"),
];

async function recorded(): Promise<readonly JournalEntry[]> {
  const journal = recording();
  for (const asked of ASKED) await journal.host(asked);
  return journal.entries;
}

async function stopOf(run: Promise<unknown>): Promise<HostStop> {
  const end = await run.catch((error: unknown) => error);
  if (!(end instanceof HostStop)) throw new Error("the run was not stopped");
  return end;
}

describe("recordingLayer", () => {
  it("opens before the provider is asked, closes before the program is answered", async () => {
    const journal = recording();
    const answer = journal.host(request("fs.read_file", "a"));
    expect(await answer).toEqual({ ok: true, value: "content of a" });
    expect(journal.log).toEqual(["open read_file", "close read_file"]);
  });

  it("writes arguments and answers by their types", async () => {
    const journal = recording();
    for (const asked of ASKED) await journal.host(asked);
    expect(decodeValue("string", journal.requests[0]?.args ?? new Uint8Array())).toEqual(ok("a"));
    expect(journal.requests[1]?.args).toEqual(new Uint8Array());
    const text = encodeValue("string", "content of a");
    expect(journal.entries[0]?.answer).toEqual({ ok: true, result: text.ok ? text.value : null });
    const message = encodeValue("json", "no such file");
    expect(journal.entries[2]?.answer).toEqual({
      ok: false,
      code: "E_IO",
      result: message.ok ? message.value : null,
    });
  });

  it("asks once, also when the answer is a failure: nothing is tried again", async () => {
    let asked = 0;
    const host = makeHost([recordingLayer({ open: () => null, close: () => ok(null) })], {
      "fs.read_file": () => {
        asked += 1;
        return { ok: false, code: "E_IO", message: "no" };
      },
    });
    expect(await host(request("fs.read_file", "a"))).toMatchObject({ ok: false });
    expect(asked).toBe(1);
  });

  it("gives an argument without a wire form back as E_ENCODE, unrecorded", async () => {
    const journal = recording();
    expect(await journal.host(request("fs.read_file", 7))).toMatchObject({ code: "E_ENCODE" });
    expect(journal.log).toEqual([]);
  });

  it("stops the run when a provider answers with another type", async () => {
    const stop = await stopOf(recording().host(request("random.random_int", 1, 6)));
    expect(stop.failure.code).toBe("E_ENCODE");
    expect(stop.failure.message).toContain("random.random_int");
  });

  it("stops the run when the journal cannot be written", async () => {
    const full = failure("E_IO", "trace", "the disk is full");
    const layer = recordingLayer({ open: () => null, close: () => err(full) });
    const stop = await stopOf(makeHost([layer], PROVIDERS)(request("fs.read_file", "a")));
    expect(stop.failure).toBe(full);
  });
});

describe("replayLayer", () => {
  it("answers from the recording, values and failures alike, and asks nobody", async () => {
    const host = makeHost([replayLayer((await recorded()).values())], {});
    expect(await host(request("fs.read_file", "a"))).toEqual({ ok: true, value: "content of a" });
    const time = await host(request("time.timestamp"));
    expect(time).toEqual({ ok: true, value: new Float(1.5) });
    expect(await host(request("fs.read_file", "gone"))).toEqual({
      ok: false,
      code: "E_IO",
      message: "no such file",
    });
  });

  it.each([
    ["another operation", 0, request("time.timestamp"), "fs.read_file", "time.timestamp"],
    ["other arguments", 0, request("fs.read_file", "b"), "fs.read_file", "with other arguments"],
    ["one request more", 3, request("time.timestamp"), "no further request", "time.timestamp"],
  ] as const)("%s is a divergence with both sides", async (_, at, asked, expected, found) => {
    const host = makeHost([replayLayer((await recorded()).values())], {});
    for (const before of ASKED.slice(0, at)) await host(before);
    const { failure: stop } = await stopOf(host(asked));
    expect(stop).toMatchObject({ code: "E_DIVERGENCE", domain: "verifiable" });
    expect(stop.details).toMatchObject({ request: at, expected });
    expect(stop.message).toContain(`request ${at} diverges`);
    expect(stop.message).toContain(found);
  });

  it("cannot answer where only the digest was kept", async () => {
    const entries = (await recorded()).map((entry) => ({ ...entry, answer: null }));
    const stop = await stopOf(
      makeHost([replayLayer(entries.values())], {})(request("fs.read_file", "a")),
    );
    expect(stop.failure.code).toBe("E_MISSING_VALUE");
    expect(stop.failure.hint).toContain("--trace-io digest");
  });

  it("stops at an answer that does not decode", async () => {
    const entries = (await recorded()).map(
      (entry): JournalEntry => ({ ...entry, answer: { ok: true, result: new Uint8Array([9]) } }),
    );
    const stop = await stopOf(
      makeHost([replayLayer(entries.values())], {})(request("fs.read_file", "a")),
    );
    expect(stop.failure).toMatchObject({ code: "E_DECODE", phase: "replay" });
  });
});

describe("makeHost", () => {
  it("says which operation, effect or tool has no provider", async () => {
    const message = async (name: string): Promise<unknown> => makeHost([], {})(request(name));
    const refusal = (text: string): unknown => ({
      ok: false,
      code: "E_NO_PROVIDER",
      message: text,
    });
    expect(await message("fs.read_file")).toEqual(refusal("no provider for 'fs.read_file'"));
    expect(await message("Ask.ask")).toEqual(refusal("unhandled effect: Ask.ask"));
    expect(await message("tool.chat")).toEqual(refusal("tool call error: no provider for 'chat'"));
  });

  it("gives debug its argument back, whatever was written", async () => {
    expect(await recording().host(request("emit.debug", 42))).toEqual({ ok: true, value: 42 });
  });

  it("passes the layers from the outside in", async () => {
    const seen: string[] = [];
    const layer = (name: string) => ({
      name,
      handle: (asked: DoorRequest, next: (asked: DoorRequest) => Promise<DoorAnswer>) => {
        seen.push(name);
        return next(asked);
      },
    });
    await makeHost([layer("outer"), layer("inner")], PROVIDERS)(request("fs.read_file", "a"));
    expect(seen).toEqual(["outer", "inner"]);
  });
});
