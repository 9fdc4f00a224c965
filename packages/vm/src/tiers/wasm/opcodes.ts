// The instructions of WebAssembly that tier T2 uses: name, byte, and what follows the byte
// (WebAssembly Core 5.4). One table; the assembler takes names only.

/** What follows the byte of an instruction. */
export type Immediate =
  | "none"
  /** Index of a local, global or function. */
  | "index"
  /** Offset in memory; the alignment is that of the row. */
  | "memory"
  /** A zero byte: the one memory. */
  | "zero"
  /** Two of them. */
  | "zeros"
  | "i32"
  | "i64"
  | "f64";

interface Row {
  readonly byte: number;
  readonly immediate: Immediate;
  /** Of memory instructions: the logarithm of the width. */
  readonly align?: number;
  /** Of instructions with a prefix: what follows it. */
  readonly sub?: number;
}

/** Bytes of what makes the structure of a body. */
export const CONTROL_BYTES: Readonly<Record<ControlName, number>> = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  br_table: 0x0e,
  /** In place of a type, behind what opens a block. */
  no_result: 0x40,
};

/** Names in {@link CONTROL_BYTES}. */
export type ControlName = Opener | "else" | "end" | "br" | "br_if" | "br_table" | "no_result";

/** What opens a block. */
export type Opener = "block" | "loop" | "if";

/** Instructions with a type or a label are not here: the assembler has methods for them. */
export const WASM_OPS = {
  unreachable: { byte: 0x00, immediate: "none" },
  return: { byte: 0x0f, immediate: "none" },
  call: { byte: 0x10, immediate: "index" },
  drop: { byte: 0x1a, immediate: "none" },
  select: { byte: 0x1b, immediate: "none" },
  "local.get": { byte: 0x20, immediate: "index" },
  "local.set": { byte: 0x21, immediate: "index" },
  "local.tee": { byte: 0x22, immediate: "index" },
  "global.get": { byte: 0x23, immediate: "index" },
  "global.set": { byte: 0x24, immediate: "index" },
  "i32.load": { byte: 0x28, immediate: "memory", align: 2 },
  "i64.load": { byte: 0x29, immediate: "memory", align: 3 },
  "f64.load": { byte: 0x2b, immediate: "memory", align: 3 },
  "i32.load8_u": { byte: 0x2d, immediate: "memory", align: 0 },
  "i64.load32_u": { byte: 0x35, immediate: "memory", align: 2 },
  "i32.store": { byte: 0x36, immediate: "memory", align: 2 },
  "i64.store": { byte: 0x37, immediate: "memory", align: 3 },
  "f64.store": { byte: 0x39, immediate: "memory", align: 3 },
  "i32.store8": { byte: 0x3a, immediate: "memory", align: 0 },
  "memory.size": { byte: 0x3f, immediate: "zero" },
  "memory.grow": { byte: 0x40, immediate: "zero" },
  /** Its two zero bytes are the memory to and the memory from. */
  "memory.copy": { byte: 0xfc, sub: 10, immediate: "zeros" },
  "i32.const": { byte: 0x41, immediate: "i32" },
  "i64.const": { byte: 0x42, immediate: "i64" },
  "f64.const": { byte: 0x44, immediate: "f64" },
  "i32.eqz": { byte: 0x45, immediate: "none" },
  "i32.eq": { byte: 0x46, immediate: "none" },
  "i32.ne": { byte: 0x47, immediate: "none" },
  "i32.lt_s": { byte: 0x48, immediate: "none" },
  "i32.lt_u": { byte: 0x49, immediate: "none" },
  "i32.gt_u": { byte: 0x4b, immediate: "none" },
  "i32.le_s": { byte: 0x4c, immediate: "none" },
  "i32.ge_u": { byte: 0x4f, immediate: "none" },
  "i64.eqz": { byte: 0x50, immediate: "none" },
  "i64.eq": { byte: 0x51, immediate: "none" },
  "i64.ne": { byte: 0x52, immediate: "none" },
  "i64.lt_s": { byte: 0x53, immediate: "none" },
  "i64.lt_u": { byte: 0x54, immediate: "none" },
  "i64.gt_s": { byte: 0x55, immediate: "none" },
  "i64.gt_u": { byte: 0x56, immediate: "none" },
  "i64.le_s": { byte: 0x57, immediate: "none" },
  "i64.ge_s": { byte: 0x59, immediate: "none" },
  "i64.ge_u": { byte: 0x5a, immediate: "none" },
  "f64.eq": { byte: 0x61, immediate: "none" },
  "f64.ne": { byte: 0x62, immediate: "none" },
  "f64.lt": { byte: 0x63, immediate: "none" },
  "f64.gt": { byte: 0x64, immediate: "none" },
  "f64.le": { byte: 0x65, immediate: "none" },
  "f64.ge": { byte: 0x66, immediate: "none" },
  "i32.add": { byte: 0x6a, immediate: "none" },
  "i32.sub": { byte: 0x6b, immediate: "none" },
  "i32.mul": { byte: 0x6c, immediate: "none" },
  "i32.and": { byte: 0x71, immediate: "none" },
  "i32.or": { byte: 0x72, immediate: "none" },
  "i32.shl": { byte: 0x74, immediate: "none" },
  "i32.shr_u": { byte: 0x76, immediate: "none" },
  "i64.add": { byte: 0x7c, immediate: "none" },
  "i64.sub": { byte: 0x7d, immediate: "none" },
  "i64.mul": { byte: 0x7e, immediate: "none" },
  "i64.div_s": { byte: 0x7f, immediate: "none" },
  "i64.rem_s": { byte: 0x81, immediate: "none" },
  "i64.and": { byte: 0x83, immediate: "none" },
  "i64.or": { byte: 0x84, immediate: "none" },
  "i64.xor": { byte: 0x85, immediate: "none" },
  "i64.shl": { byte: 0x86, immediate: "none" },
  "i64.shr_s": { byte: 0x87, immediate: "none" },
  "i64.shr_u": { byte: 0x88, immediate: "none" },
  "f64.abs": { byte: 0x99, immediate: "none" },
  "f64.neg": { byte: 0x9a, immediate: "none" },
  "f64.ceil": { byte: 0x9b, immediate: "none" },
  "f64.floor": { byte: 0x9c, immediate: "none" },
  "f64.trunc": { byte: 0x9d, immediate: "none" },
  "f64.sqrt": { byte: 0x9f, immediate: "none" },
  "f64.add": { byte: 0xa0, immediate: "none" },
  "f64.sub": { byte: 0xa1, immediate: "none" },
  "f64.mul": { byte: 0xa2, immediate: "none" },
  "f64.div": { byte: 0xa3, immediate: "none" },
  "i32.wrap_i64": { byte: 0xa7, immediate: "none" },
  "i64.extend_i32_s": { byte: 0xac, immediate: "none" },
  "i64.extend_i32_u": { byte: 0xad, immediate: "none" },
  "f64.convert_i64_s": { byte: 0xb9, immediate: "none" },
  "i64.extend32_s": { byte: 0xc4, immediate: "none" },
  "i64.trunc_sat_f64_s": { byte: 0xfc, sub: 6, immediate: "none" },
} as const;

/** A name of the table. */
export type WasmOp = keyof typeof WASM_OPS;

/** The names with one kind of immediate. */
export type OpsWith<I extends Immediate> = {
  [K in WasmOp]: (typeof WASM_OPS)[K]["immediate"] extends I ? K : never;
}[WasmOp];

/** The row of a name, as the assembler reads it. */
export function rowOf(name: WasmOp): Row {
  return WASM_OPS[name];
}
