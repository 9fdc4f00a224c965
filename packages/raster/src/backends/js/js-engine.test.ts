// Guests of TypeScript tiles in the sandbox and in process: the same answers for what they compute,
// and typed failures for whatever hostile code tries.

import { codeDigest } from "@lumen/core/commit";
import { utf8Encode } from "@lumen/core/hash";
import type { TypeDescriptor } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import type { TileMetadata, TileResult } from "../../backend.ts";
import { hex, unwrap } from "../../testing/worked-runs.ts";
import type { GuestEngine } from "../guest-engine.ts";
import { InProcess } from "./in-process.ts";
import { type GuestPlace, jsEngine } from "./js-engine.ts";
import { CYCLES_PER_PAUSE } from "./limits.ts";
import { Sandbox } from "./sandbox.ts";

const LIMITS = { cyclesMax: 300 * CYCLES_PER_PAUSE, memoryBytesMax: 8 * 2 ** 20 };
const sandbox = jsEngine("sandbox");
const inProcess = jsEngine("process");

/** The guest of a tile whose entry is the function `f` of a body. */
function guest(body: string): string {
  return `var __raster_guest = (() => { ${body}\n return { __raster_tile_entry_t: f }; })();`;
}

/** The guest that answers with the bytes that `f` gives. */
function bytesGuest(body: string): string {
  return guest(`${body}; const g = f0; const f = (input) => ({ ok: true, output: g(input) });`);
}

function metadataOf(code: Uint8Array, more: Partial<TileMetadata> = {}): TileMetadata {
  return {
    id: "t",
    kind: "iter",
    guest: "js",
    inputs: ["u8"],
    output: "bytes",
    error: null,
    code: codeDigest(code),
    estimatedCycles: null,
    maxMemory: null,
    ...more,
  };
}

async function run(
  place: GuestPlace,
  source: string,
  more: Partial<TileMetadata> = {},
): Promise<TileResult> {
  const engine: GuestEngine = place === "sandbox" ? sandbox : inProcess;
  const code = utf8Encode(source);
  const guest = unwrap(await engine.open(metadataOf(code, more), code));
  const { maxMemory: memoryBytesMax = null } = more;
  const limits = memoryBytesMax === null ? LIMITS : { ...LIMITS, memoryBytesMax };
  return unwrap(await guest.execute(hex("05"), limits)).result;
}

/** Code and message of a failure; the output of anything else. */
async function ending(
  place: GuestPlace,
  source: string,
  more: Partial<TileMetadata> = {},
): Promise<readonly [string, string]> {
  const result = await run(place, source, more);
  if (result.kind === "finished") return ["finished", Buffer.from(result.output).toString("hex")];
  return [result.failure.code, result.failure.message];
}

const PLACES: readonly GuestPlace[] = ["sandbox", "process"];

/** The wire form of a text of at most 127 ASCII characters. */
const TEXT = `
  const text = (value) => {
    const chars = [...String(value)].map((c) => c.charCodeAt(0));
    return new Uint8Array([chars.length, ...chars]);
  };`;

/** What an expression is, as text, in a guest. */
async function shownBy(place: GuestPlace, expression: string): Promise<string> {
  const source = bytesGuest(`${TEXT} const f0 = () => text(${expression});`);
  const [code, shown] = await ending(place, source, { output: "string" });
  if (code !== "finished") return `${code} ${shown}`;
  return Buffer.from(shown, "hex").subarray(1).toString();
}

describe.each(PLACES)("in the %s", (place) => {
  it("answers with the bytes of the output", async () => {
    const source = bytesGuest("const f0 = (input) => new Uint8Array([2, ...input, 7]);");
    expect(await ending(place, source)).toEqual(["finished", "020507"]);
  });

  it.each<[string, string, Partial<TileMetadata>, string, string]>([
    [
      "an exception",
      "const f = () => { throw new Error('no'); };",
      {},
      "E_TRAP_OTHER",
      "tile t: Error: no",
    ],
    ["a thrown string", "const f = () => { throw 'no'; };", {}, "E_TRAP_OTHER", "it threw string"],
    [
      "an exception at the top",
      "throw new TypeError('top'); const f = 1;",
      {},
      "E_TRAP_OTHER",
      "TypeError: top",
    ],
    ["no entry", "const f = undefined;", {}, "E_TRAP_OTHER", "TypeError"],
    ["no answer", "const f = () => 5;", {}, "E_TRAP_OTHER", ""],
    [
      "bytes that are none",
      "const f = () => ({ ok: true, output: 'x' });",
      {},
      "E_TRAP_OTHER",
      "TypeError",
    ],
    [
      "an error with throwing getters",
      "const f = () => { throw { get name() { throw 1; }, get message() { throw 2; } }; };",
      {},
      "E_TRAP_OTHER",
      "tile t: : ",
    ],
    [
      "a word of the engine for memory",
      "const f = () => { throw new Error('out of memory'); };",
      {},
      "E_TRAP_OTHER",
      "Error: out of memory",
    ],
    [
      "a word of the engine for depth",
      "const f = () => { throw new Error('stack overflow'); };",
      {},
      "E_TRAP_OTHER",
      "Error: stack overflow",
    ],
    [
      "bytes of another kind",
      "const f = () => ({ ok: true, output: new Uint16Array([1]) });",
      {},
      "E_TRAP_OTHER",
      "no Uint8Array",
    ],
    [
      "a failure without a code",
      "const f = () => ({ ok: false, code: '', message: '', error: new Uint8Array() });",
      {},
      "E_ENCODE",
      "answers nothing",
    ],
    [
      "deep recursion",
      "const r = (n) => n + r(n + 1); const f = () => r(0);",
      {},
      "E_TRAP_STACK",
      "",
    ],
    [
      "its own error",
      "const f = () => ({ ok: false, code: 'E_TILE_FAILED', message: 'm', error: new Uint8Array([1, 120]) });",
      { error: "string" },
      "E_TILE_FAILED",
      "tile t failed: x",
    ],
    [
      "an error that it does not declare",
      "const f = () => ({ ok: false, code: 'E_TILE_FAILED', message: '', error: new Uint8Array() });",
      {},
      "E_ENCODE",
      "declares none",
    ],
    [
      "an error of another type",
      "const f = () => ({ ok: false, code: 'E_TILE_FAILED', message: '', error: new Uint8Array([9]) });",
      { error: "string" },
      "E_ENCODE",
      "no string",
    ],
    [
      "a code of its own",
      "const f = () => ({ ok: false, code: 'E_TRAP_FUEL', message: '', error: new Uint8Array() });",
      {},
      "E_ENCODE",
      "",
    ],
    [
      "input that it cannot read",
      "const f = () => ({ ok: false, code: 'E_DECODE', message: 'm', error: new Uint8Array() });",
      {},
      "E_DECODE",
      "m",
    ],
  ])("%s is a failure", async (_, body, more, code, message) => {
    const [found, text] = await ending(place, guest(body), more);
    expect([found, text]).toEqual([code, expect.stringContaining(message)]);
  });

  it.each([
    "5",
    "{}",
    "null",
    "Symbol()",
    "new Proxy({}, { has() { throw 1; }, get() { throw 2; } })",
    "{ code: 'E_TILE_FAILED', error: 5, message: { slice() { throw 1; } } }",
    "{ slice: () => ({ length: 3e8 }) }",
  ])("an output that says that its buffer is %s is its bytes all the same", async (buffer) => {
    const source = guest(`
      const output = new Uint8Array([2, 7, 8]);
      const made = function (count) {
        return Object.defineProperty(new Uint8Array(count), "buffer", { value: ${buffer} });
      };
      Object.defineProperty(output, "constructor", { value: { [Symbol.species]: made } });
      Object.defineProperty(output, "length", { value: 1 });
      Object.defineProperty(output, "buffer", { value: ${buffer} });
      const f = () => ({ ok: true, output });`);
    expect(await ending(place, source)).toEqual(["finished", "020708"]);
  });

  it.each<[TypeDescriptor, string]>([
    ["f64", "0, 0, 0, 0, 0, 0, 0xf9, 0x7f"],
    ["f32", "1, 0, 0xc0, 0x7f"],
    ["u8", "1, 1"],
    ["u64", "0x80, 0"],
    ["bool", "2"],
    ["string", "3, 0xed, 0xa0, 0x80"],
    [{ set: "u8" }, "2, 2, 1"],
    [{ map: ["u8", "u8"] }, "2, 1, 0, 1, 0"],
    ["unit", "0"],
  ])("bytes that are no canonical %j are E_ENCODE", async (output, bytes) => {
    const source = bytesGuest(`const f0 = () => new Uint8Array([${bytes}]);`);
    expect((await ending(place, source, { output }))[0]).toBe("E_ENCODE");
  });

  it("begins anew each time, at the top of the source too", async () => {
    const source = bytesGuest(
      "let n = 0; const seen = []; const f0 = () => new Uint8Array([2, n++, seen.push(1)]);",
    );
    const first = await ending(place, source);
    expect(first).toEqual(["finished", "020001"]);
    expect(await ending(place, source)).toEqual(first);
  });

  it.each([
    "Array.prototype.push = () => 7",
    "Object.prototype.x = 1",
    "globalThis.x = 1",
    "delete Array.prototype.map",
    "Object.setPrototypeOf(Array.prototype, null)",
    "Uint8Array.prototype.slice = null",
    "Object.getPrototypeOf(function* () {}).x = 1",
    "Symbol.iterator.x = 1",
    "(async () => {})().constructor.x = 1",
    "(async () => {})().constructor.prototype.x = 1",
    "x = 1",
  ])("%s fails, and leaves nothing", async (tampering) => {
    const source = bytesGuest(`const f0 = () => { ${tampering}; return new Uint8Array([0]); };`);
    const [code, message] = await ending(place, source);
    expect([code, message]).toEqual([
      "E_TRAP_OTHER",
      expect.stringMatching(/TypeError|ReferenceError/),
    ]);
    const clean = bytesGuest("const f0 = () => new Uint8Array([1, [].push(1) + ('x' in {}) + 0]);");
    expect(await ending(place, clean)).toEqual(["finished", "0101"]);
  });

  it.each([
    ["new Date()", "tiles have no Date"],
    ["Date.now()", "tiles have no clock"],
    ["Math.random()", "tiles have no Math.random"],
    ["new Intl.NumberFormat()", "TypeError"],
    ["'a'.localeCompare('b')", "tiles have no locale"],
    ["(1).toLocaleString()", "tiles have no locale"],
    ["(0.5).toString(2)", "RangeError"],
    ["Math.sin(1)", "tiles have no value of Math.sin"],
    ["(() => {}).constructor('return 1')()", "tiles have no code from text"],
    ["(async () => {}).constructor('return 1')()", "tiles have no code from text"],
    ["eval('1')", "ReferenceError"],
    ["process.exit()", "ReferenceError"],
    ["performance.now()", "ReferenceError"],
    ["fetch('x')", "ReferenceError"],
    ["setTimeout(() => {})", "ReferenceError"],
    ["console.log(1)", "ReferenceError"],
    ["new WeakRef({})", "ReferenceError"],
    ["structuredClone(1)", "ReferenceError"],
    ["new Promise(() => {})", "tiles have no promises"],
    ["Promise.resolve(1)", "tiles have no promises"],
    ["[].includes.call({ length: 2 ** 53 - 1 }, 1)", "takes an array"],
    [
      "(() => { const a = []; a.length = 2 ** 32 - 1; return a.indexOf(1); })()",
      "the array is too long",
    ],
  ])("%s is refused with a clear error", async (expression, message) => {
    expect(await shownBy(place, expression)).toContain(message);
  });
});

describe("both places", () => {
  it.each([
    "[3, 1, 2].sort()",
    "[10, 9, 1].sort()",
    "[3, 1, undefined, 2].sort((a, b) => b - a).length",
    "[5, 3, 9, 1].sort(() => 1).join()",
    "(() => { let n = 0; [5, 3, 9, 1, 7].sort((a, b) => { n++; return a - b; }); return n; })()",
    "new Float64Array([3, -0, 0, NaN, -1]).sort().join()",
    "new Uint8Array([3, 1, 2]).sort((a, b) => b - a).join()",
    "0.1 + 0.2",
    "1e21 + ' ' + 1e-7 + ' ' + -0 + ' ' + 5e-324",
    "(25).toString(36) + (-255).toString(16)",
    "(1.005).toFixed(2) + (0.000001234).toExponential(2) + (123.456).toPrecision(4)",
    "Number('0x1f') + Number(' 12 ') + parseFloat('3.5abc') + parseInt('12px')",
    "JSON.stringify({ b: [1, 'e', null, -0, 1e30], a: undefined })",
    "(2n ** 64n - 1n) * 3n",
    "BigInt.asIntN(8, 255n)",
    "'aXbX'.replace(/x/gi, (m, at) => m + at)",
    "[...'a1b22'.matchAll(/[0-9]+/g)].map((m) => m[0] + m.index).join()",
    "'ß'.toUpperCase() + 'İ'.toLowerCase().length",
    "Object.keys({ b: 1, 2: 1, a: 1, 1: 1 }).join()",
    "Math.fround(0.1) + Math.sqrt(2) + Math.imul(0x7fffffff, 3)",
    "Math.max(-0, 0) + ' ' + Math.round(-0.5) + ' ' + Math.round(2.5)",
    "(() => { class E extends Error { constructor(m) { super(m); this.name = 'E'; } } try { throw new E('x'); } catch (e) { return String(e); } })()",
    "(() => { const o = {}; o.toString = () => 'mine'; return '' + o; })()",
    "[...new Set([3, 1, 3])].join() + [...new Map([[1, 2]])].join()",
    "(() => { try { null.x; } catch (e) { return e instanceof TypeError; } })()",
    "typeof Promise + typeof Date + typeof Intl + typeof globalThis + typeof Math.sin",
    "Reflect.ownKeys(globalThis).length",
    "[1, [2, [3]]].flat(2).concat([4]).join() + [1, 2, 3].at(-1) + [3, 1, 2].toSorted().join()",
    "[BigInt.asUintN(64, -1n), BigInt.asUintN(64, -(2n ** 64n) - 3n), BigInt.asUintN(8, -1n)].join()",
    "[BigInt.asUintN(65, -1n), BigInt.asUintN('3', 13n), BigInt.asUintN(0, -1n)].join()",
    "[2 ** 53, 2 ** 60, -1e21].map((n) => n.toString(7) + n.toString(36)).join()",
    "[parseInt('2gosa7pa2gw123', 36), parseInt('-zz', 36), parseInt(' 0x1fffffffffffff123'), parseInt('9'.repeat(40))].join()",
    "[parseInt('1'.repeat(2000), 2), parseInt('-' + '7'.repeat(30), 8), parseInt('12' + '0'.repeat(30) + 'x', 5)].join()",
    "parseInt === Number.parseInt && parseInt.name + parseInt.length",
    "String(Map) + (() => {}).toString.call([].map)",
    "typeof Object.groupBy + typeof [].values().map + typeof new Set().union",
  ])("agree on %s", async (expression) => {
    const value = await shownBy("sandbox", expression);
    expect(value).not.toMatch(/^E_/);
    expect(await shownBy("process", expression)).toBe(value);
  });
});

it.each([
  ["String(2 ** -24)", "5.9604644775390625e-8", "5.960464477539063e-8"],
  ["-(2n ** 31n) < -1.5", "false", "true"],
  ["(() => { try { null.x; } catch (e) { return typeof e.stack; } })()", "string", "undefined"],
])("%s differs, as docs/limits.md says", async (expression, sandboxed, processed) => {
  expect(await shownBy("sandbox", expression)).toBe(sandboxed);
  expect(await shownBy("process", expression)).toBe(processed);
});

it("is the same world in both places: every name, its kind, that it is frozen", async () => {
  const source = guest(`
    const seen = new Set();
    const lines = [];
    // An engine may give the accessors of one name one function, or two.
    const visit = (value, path) => {
      if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
      if (seen.has(value)) return;
      seen.add(value);
      if (/\\.(arguments|caller)$/.test(path)) return;
      lines.push(path + " " + Object.isFrozen(value));
      for (const key of Reflect.ownKeys(value)) {
        const held = Reflect.getOwnPropertyDescriptor(value, key);
        const at = path + "." + String(key);
        lines.push(at + " " + typeof held.value + typeof held.get + typeof held.set);
        for (const part of [held.value, held.get, held.set]) visit(part, at);
      }
      visit(Object.getPrototypeOf(value), path + "^");
    };
    const generator = function* () {};
    const f = () => {
      visit(globalThis, "global");
      for (const value of [generator, [].values(), new Map().keys(), new Set().keys()])
        visit(Object.getPrototypeOf(value), "of " + Object.prototype.toString.call(value));
      const text = lines.sort().join("\\n");
      return { ok: true, output: Uint8Array.from(text, (character) => character.charCodeAt(0)) };
    };`);
  const names: string[] = [];
  for (const place of PLACES) {
    const called = { source, tileId: "t" };
    const limits = { pauses: 2 ** 15, memoryBytes: 64 * 2 ** 20 };
    const answer =
      place === "sandbox"
        ? unwrap(await new Sandbox().run(called, hex("05"), limits))
        : new InProcess().run(called, hex("05"));
    if (answer.kind !== "output") throw new Error(JSON.stringify(answer));
    names.push(Buffer.from(answer.bytes).toString("latin1"));
  }
  expect(names[0]?.split("\n").length).toBeGreaterThan(1000);
  expect(names[1]?.split("\n")).toEqual(names[0]?.split("\n"));
  expect(names[0]).not.toContain(" false");
});

describe("limits of the sandbox", () => {
  it.each([
    ["a loop without end", "const f = () => { for (;;); };", "E_TRAP_FUEL"],
    ["one at the top", "for (;;); const f = 1;", "E_TRAP_FUEL"],
    [
      "one that catches",
      "const f = () => { for (;;) try { for (;;); } catch { } };",
      "E_TRAP_FUEL",
    ],
    [
      "a pattern without end",
      "const f = () => /(a+)+$/.test('a'.repeat(40) + 'b');",
      "E_TRAP_FUEL",
    ],
    ["memory at once", "const f = () => new Uint8Array(2 ** 30);", "E_TRAP_MEMORY"],
    [
      "memory piece by piece",
      "const f = () => { const a = []; for (;;) a.push(new Uint8Array(65536)); };",
      "E_TRAP_MEMORY",
    ],
    [
      "a text of a gigabyte",
      "const f = () => 'x'.repeat(2 ** 29) + 'y'.repeat(2 ** 29);",
      "E_TRAP_MEMORY",
    ],
    [
      "a deep structure",
      "const f = () => { let a = []; for (let i = 0; i < 50000; i++) a = [a]; JSON.stringify(a); };",
      "E_TRAP_STACK",
    ],
  ])("%s ends, every time in the same way", async (_, body, code) => {
    const first = await ending("sandbox", guest(body));
    expect(first[0]).toBe(code);
    expect(await ending("sandbox", guest(body))).toEqual(first);
    expect(await ending("sandbox", bytesGuest("const f0 = () => new Uint8Array([0])"))).toEqual([
      "finished",
      "00",
    ]);
  });

  it("are those of the tile where it declares its memory", async () => {
    const body = "const f0 = () => { new Uint8Array(16 * 2 ** 20); return new Uint8Array([0]); };";
    expect((await ending("sandbox", bytesGuest(body)))[0]).toBe("E_TRAP_MEMORY");
    const maxMemory = 32 * 2 ** 20;
    expect((await ending("sandbox", bytesGuest(body), { maxMemory }))[0]).toBe("finished");
  });
});

it("code that is no text is E_ARTIFACT_CORRUPT", () => {
  const code = new Uint8Array([0xff]);
  expect(sandbox.open(metadataOf(code), code)).toMatchObject({
    error: { code: "E_ARTIFACT_CORRUPT" },
  });
});

it("an evaluation gives the text that is exported, or what was thrown", async () => {
  const box = new Sandbox();
  const text = (value: string): string => `var __raster_guest = { text: ${value} };`;
  expect(unwrap(await box.evaluate(text("'a' + 1")))).toEqual({ kind: "text", text: "a1" });
  const thrown = "throw Object.assign(new Error('m'), { code: 'C', help: 'h' });";
  expect(unwrap(await box.evaluate(thrown))).toMatchObject({ message: "m", code: "C", help: "h" });
  expect(unwrap(await box.evaluate("for (;;);", 300))).toMatchObject({ kind: "failed", code: "" });
  expect(unwrap(await box.evaluate("syntax error"))).toMatchObject({ message: /SyntaxError/ });
});
