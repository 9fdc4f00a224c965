// The sandbox of TypeScript tiles: QuickJS as WebAssembly, which reaches nothing of the host. A
// guest is loaded once; every execution begins with the memory as it was then.

import { type Failure, failure, type TrapCode } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";
import type { GuestAnswer } from "./guest-outcome.ts";
import {
  type Gap,
  type GrowingMemory,
  longestGap,
  type MemoryImage,
  putImage,
  takeImage,
} from "./image.ts";
import {
  ENGINE_BYTES,
  MEMORY_BYTES_MAX,
  MESSAGE_CHARS_MAX,
  PAUSES_MAX,
  type SandboxLimits,
  STACK_BYTES,
} from "./limits.ts";
import { entrySymbol, guestExpression, REALM } from "./realm.ts";

/** A memory that grew beyond this is given back: it cannot shrink. */
const MEMORY_KEPT_BYTES = 64 * 2 ** 20;

/** An engine with the realm of guests, before any guest. */
interface Engine {
  readonly memory: GrowingMemory;
  readonly context: QuickJSContext;
  readonly realm: QuickJSHandle;
  readonly gap: Gap;
  readonly image: MemoryImage;
  /** Counts the pauses of the execution that runs now. */
  readonly meter: Meter;
}

/** How often an execution may pause, and how often it did. */
interface Meter {
  used: number;
  max: number;
}

/** A guest in the memory of an engine, ready to be called; or how loading it ended. */
type Loaded =
  | { readonly kind: "ready"; readonly image: MemoryImage; readonly call: QuickJSHandle }
  | { readonly kind: "broken"; readonly answer: GuestAnswer };

/** A guest: the bundled source of a tile and the name of its entry. */
export interface GuestSource {
  readonly source: string;
  readonly tileId: string;
}

/** Runs guests, one after the other. */
export class Sandbox {
  #engine: Promise<Result<Engine, Failure>> | null = null;
  /** Guests in the engine, by source and entry. */
  #loaded = new Map<string, Loaded>();

  /** Runs a guest on ABI input bytes. E_TOOLCHAIN_MISSING where the engine cannot be started. */
  async run(
    guest: GuestSource,
    input: Uint8Array,
    limits: SandboxLimits,
  ): Promise<Result<GuestAnswer, Failure>> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    return ok(this.#run(opened.value, guest, { input, limits }));
  }

  #run(
    engine: Engine,
    guest: GuestSource,
    { input, limits }: { readonly input: Uint8Array; readonly limits: SandboxLimits },
  ): GuestAnswer {
    const key = `${guest.tileId} ${limits.memoryBytes} ${limits.pauses}\n${guest.source}`;
    const loaded = this.#loaded.get(key) ?? this.#load(engine, guest, limits);
    this.#loaded.set(key, loaded);
    if (loaded.kind === "broken") return loaded.answer;
    putImage(engine.memory, loaded.image);
    const { context } = engine;
    return this.#guarded(engine, limits.pauses, (): GuestAnswer => {
      const buffer = context.newArrayBuffer(plainBuffer(input));
      const ended = context.callFunction(loaded.call, context.undefined, buffer);
      if (ended.error === undefined) return answerOf(context, ended.value);
      return { kind: "trap", ...trapOf(context, ended.error) };
    });
  }

  /**
   * Runs a bundle in the realm, and gives the text that it exports under the name `text`.
   * E_TOOLCHAIN_MISSING where the engine cannot be started.
   */
  async evaluate(
    source: string,
    pauses: number = PAUSES_MAX,
  ): Promise<Result<EvaluatedText, Failure>> {
    const opened = await this.#open();
    return opened.ok ? ok(this.#evaluate(opened.value, source, pauses)) : opened;
  }

  #evaluate(engine: Engine, source: string, pauses: number): EvaluatedText {
    const { context } = engine;
    putImage(engine.memory, engine.image);
    let ended: EvaluatedText | null = null;
    const answer = this.#guarded(engine, pauses, (): GuestAnswer => {
      const exports = this.#exportsOf(engine, source, REGISTRATIONS_FILE);
      ended =
        exports.error === undefined
          ? { kind: "text", text: textProperty(context, exports.value, "text", TEXT_CHARS_MAX) }
          : { kind: "failed", ...thrownIn(context, exports.error) };
      return { kind: "output", bytes: new Uint8Array(0) };
    });
    if (answer.kind === "output" && ended !== null) return ended;
    const message = answer.kind === "output" ? "nothing was exported" : answer.message;
    return { kind: "failed", message, code: "", help: null, stack: "" };
  }

  #open(): Promise<Result<Engine, Failure>> {
    this.#engine ??= openEngine();
    return this.#engine;
  }

  /** A new engine for the next execution. */
  #discard(): void {
    this.#engine = null;
    this.#loaded.clear();
  }

  #load(engine: Engine, { source, tileId }: GuestSource, limits: SandboxLimits): Loaded {
    putImage(engine.memory, engine.image);
    const { context } = engine;
    context.runtime.setMemoryLimit(ENGINE_BYTES + limits.memoryBytes);
    let call: QuickJSHandle | null = null;
    const broken = this.#guarded(engine, limits.pauses, (): GuestAnswer | null => {
      const exports = this.#exportsOf(engine, source, GUEST_FILE);
      if (exports.error !== undefined) return { kind: "trap", ...trapOf(context, exports.error) };
      const entry = context.getProp(exports.value, entrySymbol(tileId));
      const invoke = context.getProp(engine.realm, "invoke");
      const bound = context.callFunction(invoke, context.undefined, entry);
      if (bound.error !== undefined) return { kind: "trap", ...trapOf(context, bound.error) };
      call = bound.value;
      return null;
    });
    if (broken !== null || call === null)
      return { kind: "broken", answer: broken ?? { kind: "trap", ...UNKNOWN } };
    return { kind: "ready", call, image: takeImage(engine.memory, engine.gap) };
  }

  /** Runs the code of a bundle, and gives what it exports. */
  #exportsOf(engine: Engine, source: string, file: string): Ended {
    const { context, realm } = engine;
    const made = context.evalCode(guestExpression(source), file);
    if (made.error !== undefined) return made;
    return context.callFunction(made.value, context.undefined, context.getProp(realm, "global"));
  }

  /** Runs code of a guest within the limits. */
  #guarded<T>(engine: Engine, pauses: number, action: () => T): T | GuestAnswer {
    const { meter } = engine;
    meter.used = 0;
    meter.max = pauses;
    try {
      const done = action();
      if (meter.used > meter.max)
        return trap("E_TRAP_FUEL", "it did not end within its limit of steps");
      if (engine.memory.buffer.byteLength > MEMORY_KEPT_BYTES) this.#discard();
      return done;
    } catch (error) {
      // The engine itself gave up in the middle: its state cannot be relied on.
      this.#discard();
      if (error instanceof RangeError) return trap("E_TRAP_STACK", "its calls nest too deep");
      if (error instanceof Error && error.name === "RuntimeError")
        return trap("E_TRAP_MEMORY", `the sandbox ended: ${error.message}`);
      throw error;
    }
  }
}

type Ended = ReturnType<QuickJSContext["callFunction"]>;

/** Name of the source of {@link Sandbox.evaluate} in stacks. */
export const REGISTRATIONS_FILE: string = "registrations.js";
/** Name of guests in stacks. */
export const GUEST_FILE: string = "guest.js";
/** Longest text that an evaluation gives. */
const TEXT_CHARS_MAX = 2 ** 26;

/** What an evaluation gave: a text, or what was thrown, with its own properties of these names. */
export type EvaluatedText =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly code: string;
      readonly help: string | null;
      /** As the engine writes it. */
      readonly stack: string;
    };

function thrownIn(
  context: QuickJSContext,
  error: QuickJSHandle,
): Omit<EvaluatedText & { kind: "failed" }, "kind"> {
  const { message, stack = "" } = trapOf(context, error);
  if (context.typeof(error) !== "object") return { message, code: "", help: null, stack };
  const code = textProperty(context, error, "code");
  const own = code === "" ? message : textProperty(context, error, "message");
  const help = textProperty(context, error, "help");
  return { message: own, code, help: help === "" ? null : help, stack };
}

const UNKNOWN = { code: "E_TRAP_OTHER", message: "the guest cannot be loaded" } as const;

function trap(code: TrapCode, message: string): GuestAnswer {
  return { kind: "trap", code, message };
}

/** The module of the engine. It reserves gigabytes of addresses, which a host may refuse. */
async function loadModule(): Promise<Result<QuickJSWASMModule, Failure>> {
  // Loaded here and not above: most runs have no tile that needs it.
  const { default: variant } = await import("@jitl/quickjs-singlefile-mjs-release-sync");
  try {
    return ok(await newQuickJSWASMModuleFromVariant(variant));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `the sandbox of TypeScript tiles cannot be started: ${error.message}`;
    const hint = "It takes addresses for 8 GiB, hardly any memory: raise the limit (ulimit -v).";
    return err(failure("E_TOOLCHAIN_MISSING", "execute", message, { hint }));
  }
}

async function openEngine(): Promise<Result<Engine, Failure>> {
  const loaded = await loadModule();
  if (!loaded.ok) return loaded;
  const module = loaded.value;
  const runtime = module.newRuntime({ maxStackSizeBytes: STACK_BYTES });
  // What is set here is part of the image, and stays set.
  const meter: Meter = { used: 0, max: Number.POSITIVE_INFINITY };
  runtime.setInterruptHandler(() => {
    meter.used += 1;
    return meter.used > meter.max;
  });
  const context = runtime.newContext();
  const realm = context.unwrapResult(context.evalCode(REALM, "realm.js"));
  const memory = module.getWasmMemory();
  const gap = longestGap(memory);
  runtime.setMemoryLimit(ENGINE_BYTES + MEMORY_BYTES_MAX);
  return ok({ memory, context, realm, gap, image: takeImage(memory, gap), meter });
}

function plainBuffer(bytes: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

/** What a guest gave back: a buffer for its output, or an object with its failure. */
function answerOf(context: QuickJSContext, value: QuickJSHandle): GuestAnswer {
  const isFailure = context.typeof(context.getProp(value, "code")) === "string";
  if (!isFailure) return { kind: "output", bytes: copyOf(context, value) };
  const code = textProperty(context, value, "code");
  const error = copyOf(context, context.getProp(value, "error"));
  return { kind: "failed", code, error, message: textProperty(context, value, "message") };
}

function copyOf(context: QuickJSContext, buffer: QuickJSHandle): Uint8Array {
  return context.getArrayBuffer(buffer).value.slice();
}

function textProperty(
  context: QuickJSContext,
  object: QuickJSHandle,
  name: string,
  charsMax: number = MESSAGE_CHARS_MAX,
): string {
  const value = context.getProp(object, name);
  if (context.typeof(value) !== "string") return "";
  return context.getString(value).slice(0, charsMax);
}

/** Which trap an exception is. Names and messages of the engine's own errors are its own. */
function trapOf(
  context: QuickJSContext,
  error: QuickJSHandle,
): Omit<GuestAnswer & { kind: "trap" }, "kind"> {
  if (context.typeof(error) !== "object")
    return { code: "E_TRAP_OTHER", message: `it threw ${context.typeof(error)}` };
  const name = textProperty(context, error, "name");
  const text = textProperty(context, error, "message");
  // A guest may throw an error with the same words; it has no constructor of this name.
  const isEngines = name === "InternalError";
  if (isEngines && text === "out of memory")
    return { code: "E_TRAP_MEMORY", message: "it needs too much memory" };
  const isDeep = name === "RangeError" && text === "Maximum call stack size exceeded";
  if (isDeep || (isEngines && text === "stack overflow"))
    return { code: "E_TRAP_STACK", message: "its calls nest too deep" };
  const stack = textProperty(context, error, "stack");
  return { code: "E_TRAP_OTHER", message: `${name}: ${text}`, stack };
}
