// TypeScript tiles in this process, for one's own project: the realm of guests in a context of its
// own, and the code of a guest run anew for every execution, so that nothing of one is left for the
// next. It is fast and gives what the sandbox gives; it bounds nothing, but can be watched.

import { createContext, runInContext } from "node:vm";
import type { GuestAnswer } from "./guest-outcome.ts";
import { watched } from "./guest-watch.ts";
import { MESSAGE_CHARS_MAX } from "./limits.ts";
import { entrySymbol, guestExpression, REALM } from "./realm.ts";
import type { GuestSource } from "./sandbox.ts";

/** What {@link REALM} evaluates to. */
interface Realm {
  readonly global: object;
  readonly bytes: (length: number) => Uint8Array;
  readonly invoke: (entry: unknown) => (buffer: ArrayBufferLike) => Answered;
}

type Answered =
  | ArrayBuffer
  | { readonly code: string; readonly message: string; readonly error: ArrayBuffer };

type Guest = (global: object) => { readonly [symbol: string]: unknown };

/** Runs guests without limits. */
export class InProcess {
  #context: object | null = null;
  #realm: Realm | null = null;
  readonly #guests = new Map<string, Guest>();

  /** Runs a guest on ABI input bytes. */
  run({ source, tileId }: GuestSource, input: Uint8Array): GuestAnswer {
    try {
      const realm = this.#open();
      const guest = this.#guests.get(source) ?? this.#evaluate<Guest>(guestExpression(source));
      this.#guests.set(source, guest);
      const bytes = realm.bytes(input.length);
      bytes.set(input);
      return watched(tileId, () =>
        answerOf(realm.invoke(guest(realm.global)[entrySymbol(tileId)])(bytes.buffer)),
      );
    } catch (error) {
      // Whatever code of authors throws is how their tile ended.
      return trapOf(error);
    }
  }

  #open(): Realm {
    this.#context ??= createContext(Object.create(null), {
      codeGeneration: { strings: false, wasm: false },
    });
    this.#realm ??= this.#evaluate<Realm>(REALM);
    return this.#realm;
  }

  /** What our own text evaluates to; T is what that text says. */
  #evaluate<T>(expression: string): T {
    return runInContext(expression, this.#context ?? {}, { filename: "guest.js" }) as T;
  }
}

function answerOf(answered: Answered): GuestAnswer {
  if (!("code" in answered)) return { kind: "output", bytes: copied(answered) };
  const { code, message, error } = answered;
  return {
    kind: "failed",
    code,
    message: message.slice(0, MESSAGE_CHARS_MAX),
    error: copied(error),
  };
}

function copied(buffer: ArrayBuffer): Uint8Array {
  return new Uint8Array(buffer.slice(0));
}

function trapOf(error: unknown): GuestAnswer {
  if (typeof error !== "object" || error === null)
    return { kind: "trap", code: "E_TRAP_OTHER", message: `it threw ${typeof error}` };
  const [name, text] = [textOf(error, "name"), textOf(error, "message")];
  if (name === "RangeError" && text === "Maximum call stack size exceeded")
    return { kind: "trap", code: "E_TRAP_STACK", message: "its calls nest too deep" };
  return { kind: "trap", code: "E_TRAP_OTHER", message: `${name}: ${text}` };
}

function textOf(error: object, key: string): string {
  try {
    const value: unknown = Reflect.get(error, key);
    return typeof value === "string" ? value.slice(0, MESSAGE_CHARS_MAX) : "";
  } catch {
    // What was thrown is an object of the guest, and its getter threw again: it has no text.
    return "";
  }
}
