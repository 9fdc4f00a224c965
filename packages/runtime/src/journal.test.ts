// Recording and replaying at the door: what is written, what comes back, and how a run that asks
// something else is stopped.

import { failure } from "@lumen/core/diagnostic";
import { decodeValue, encodeValue, valueDigest } from "@lumen/core/encoding";
import { err, ok } from "@lumen/core/result";
import { Closure, Float, Tuple, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import {
  type DoorAnswer,
  type DoorRequest,
  HostStop,
  type Journal,
  type JournalAnswer,
  type JournalRequest,
  makeHost,
  type RecordedRequest,
  recordingLayer,
  replayJournal,
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

type TestHost = (request: DoorRequest) => Promise<DoorAnswer>;

interface Recording {
  readonly log: string[];
  readonly requests: JournalRequest[];
  readonly answers: { readonly request: number; readonly answer: JournalAnswer | null }[];
  readonly host: TestHost;
}

/** The answer as the program sees it: it has entered the machine. */
const entered =
  (host: TestHost): TestHost =>
  async (asked) => {
    const { enter, ...answer } = await host(asked);
    enter?.();
    return answer;
  };

function recording(): Recording {
  const log: string[] = [];
  const requests: JournalRequest[] = [];
  const answers: Recording["answers"] = [];
  const sink = recordingLayer({
    open: (request) => {
      log.push(`open ${request.operation}`);
      requests.push(request);
      return requests.length - 1;
    },
    close: (handle, answer: JournalAnswer) => {
      const at = Number(handle);
      log.push(`close ${requests[at]?.operation}`);
      answers.push({ request: at, answer });
      return ok(null);
    },
  });
  return { log, requests, answers, host: entered(makeHost([sink], PROVIDERS)) };
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

async function recorded(): Promise<Journal> {
  const { host, requests, answers } = recording();
  for (const asked of ASKED) await host(asked);
  return { requests: requests.map(recordOf), answers };
}

function recordOf({ effect, operation, args }: JournalRequest): RecordedRequest {
  return { effect, operation, argsDigest: valueDigest(args) };
}

const replaying = (journal: Journal): TestHost =>
  entered(makeHost([replayJournal(journal).layer], {}));

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
    expect(journal.answers[0]?.answer).toEqual({ ok: true, result: text.ok ? text.value : null });
    const message = encodeValue("json", "no such file");
    expect(journal.answers[2]?.answer).toEqual({
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

  it("writes what the program or a tool is asked as json", async () => {
    const journal = recording();
    await journal.host(request("Ask.ask", "q", 2));
    const args = journal.requests[0]?.args ?? new Uint8Array();
    expect(decodeValue({ tuple: ["json", "json"] }, args)).toEqual(ok(new Tuple(["q", 2])));
    const closure = new Closure("f", null, []);
    expect(await journal.host(request("Ask.ask", closure))).toMatchObject({ code: "E_ENCODE" });
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
    const host = entered(makeHost([layer], PROVIDERS));
    const stop = await stopOf(host(request("fs.read_file", "a")));
    expect(stop.failure).toBe(full);
  });
});

describe("replayJournal", () => {
  it("answers from the recording, values and failures alike, and asks nobody", async () => {
    const host = replaying(await recorded());
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
    const host = replaying(await recorded());
    for (const before of ASKED.slice(0, at)) await host(before);
    const { failure: stop } = await stopOf(host(asked));
    expect(stop).toMatchObject({ code: "E_DIVERGENCE", domain: "verifiable" });
    expect(stop.details).toMatchObject({ request: at, expected });
    expect(stop.message).toContain(`request ${at} diverges`);
    expect(stop.message).toContain(found);
  });

  it("cannot answer where only the digest was kept", async () => {
    const { requests } = await recorded();
    const answers = requests.map((_, at) => ({ request: at, answer: null }));
    const stop = await stopOf(replaying({ requests, answers })(request("fs.read_file", "a")));
    expect(stop.failure.code).toBe("E_MISSING_VALUE");
    expect(stop.failure.hint).toContain("--trace-io digest");
  });

  it("stops at an answer that does not decode", async () => {
    const { requests } = await recorded();
    const answer: JournalAnswer = { ok: true, result: new Uint8Array([9]) };
    const answers = requests.map((_, at) => ({ request: at, answer }));
    const stop = await stopOf(replaying({ requests, answers })(request("fs.read_file", "a")));
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
    expect(await message("tool.chat")).toEqual(refusal("no provider for 'chat'"));
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
