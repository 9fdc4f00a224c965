// Reads the body of a function as the assembler of tier T2 leaves it: locals, then instructions
// (WebAssembly Core 5.4). What it gives was written by us: anything else is our own mistake.

import { assert, required } from "@lumen/core/result";
import {
  CONTROL_BYTES,
  type Opener,
  rowOf,
  VAL_TYPES,
  type ValType,
  WASM_OPS,
  type WasmOp,
} from "@lumen/vm/numeric";

/** One instruction with what follows its byte. */
export type BodyInstruction =
  | { readonly kind: "open"; readonly what: Opener; readonly result: ValType | null }
  | { readonly kind: "else" }
  | { readonly kind: "end" }
  /** How many of the open blocks are inside of the target. */
  | { readonly kind: "br" | "br_if"; readonly outward: number }
  | { readonly kind: "br_table"; readonly outward: readonly number[] }
  /** `value` is the index, the offset or the constant; 0 where the row has none. */
  | { readonly kind: "plain"; readonly op: WasmOp; readonly value: number | bigint };

/** The whole body. */
export interface Body {
  readonly locals: readonly ValType[];
  readonly instructions: readonly BodyInstruction[];
}

const OPENERS: ReadonlyMap<number, Opener> = new Map(
  (["block", "loop", "if"] as const).map((name) => [CONTROL_BYTES[name], name]),
);
const PREFIX = 0xfc;

const OPS: readonly WasmOp[] = Object.keys(WASM_OPS).filter((name) => name in WASM_OPS) as WasmOp[];
const BY_BYTE: ReadonlyMap<number, WasmOp> = new Map(OPS.map((op) => [keyOf(op), op]));
const TYPES: ReadonlyMap<number, ValType> = new Map([
  [VAL_TYPES.i32, "i32"],
  [VAL_TYPES.i64, "i64"],
  [VAL_TYPES.f64, "f64"],
]);

function keyOf(op: WasmOp): number {
  const { byte, sub } = rowOf(op);
  return sub === undefined ? byte : prefixed(sub);
}

function prefixed(sub: number): number {
  return PREFIX * 256 + sub;
}

/** The body of a function, the `end` of the function included. */
export function readBody(bytes: readonly number[]): Body {
  const reader = new Reader(bytes);
  const locals: ValType[] = [];
  for (let groups = reader.unsigned(); groups > 0; groups -= 1) {
    const count = reader.unsigned();
    const type = reader.type();
    for (let i = 0; i < count; i += 1) locals.push(type);
  }
  const instructions: BodyInstruction[] = [];
  while (!reader.isAtEnd()) instructions.push(instruction(reader));
  return { locals, instructions };
}

function instruction(reader: Reader): BodyInstruction {
  const byte = reader.byte();
  const what = OPENERS.get(byte);
  if (what !== undefined) return { kind: "open", what, result: reader.blockType() };
  switch (byte) {
    case CONTROL_BYTES.else:
      return { kind: "else" };
    case CONTROL_BYTES.end:
      return { kind: "end" };
    case CONTROL_BYTES.br:
      return { kind: "br", outward: reader.unsigned() };
    case CONTROL_BYTES.br_if:
      return { kind: "br_if", outward: reader.unsigned() };
    case CONTROL_BYTES.br_table: {
      const count = reader.unsigned() + 1;
      return { kind: "br_table", outward: Array.from({ length: count }, () => reader.unsigned()) };
    }
    default: {
      const key = byte === PREFIX ? prefixed(reader.unsigned()) : byte;
      const op = required(BY_BYTE.get(key), "the instruction is one of the table");
      return { kind: "plain", op, value: immediate(reader, op) };
    }
  }
}

function immediate(reader: Reader, op: WasmOp): number | bigint {
  switch (rowOf(op).immediate) {
    case "none":
      return 0;
    case "index":
      return reader.unsigned();
    case "memory":
      // The alignment promises nothing.
      reader.unsigned();
      return reader.unsigned();
    case "zero":
      return reader.unsigned();
    case "zeros":
      return reader.unsigned() + reader.unsigned();
    case "i32":
      return Number(reader.signed());
    case "i64":
      return reader.signed();
    case "f64":
      return reader.bits();
  }
}

/** Bytes from the first to the last. */
class Reader {
  private readonly bytes: readonly number[];
  private at = 0;

  constructor(bytes: readonly number[]) {
    this.bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  byte(): number {
    const byte = required(this.bytes[this.at], "the body goes on");
    this.at += 1;
    return byte;
  }

  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  }

  signed(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte % 128) << shift;
      if (byte < 128) return BigInt.asIntN(Number(shift) + 7, value);
    }
  }

  /** The bits of a Float. */
  bits(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 64n; shift += 8n) value |= BigInt(this.byte()) << shift;
    return value;
  }

  type(): ValType {
    return required(TYPES.get(this.byte()), "the type is one of the table");
  }

  blockType(): ValType | null {
    const byte = this.byte();
    if (byte === CONTROL_BYTES.no_result) return null;
    const type = TYPES.get(byte);
    assert(type !== undefined, "a block gives one value, or none");
    return type;
  }
}
