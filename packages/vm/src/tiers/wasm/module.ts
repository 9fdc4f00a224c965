// The binary format of a WebAssembly module (WebAssembly Core 5.5): the sections that tier T2
// needs.

import { type Assembler, VAL_TYPES, type ValType } from "./assembler.ts";
import { signedLeb, unsignedLeb } from "./leb.ts";
import { CONTROL_BYTES } from "./opcodes.ts";

/** Parameters and result of a function. */
export interface Signature {
  readonly params: readonly ValType[];
  readonly result: ValType | null;
}

/** A function of the host. Both names are ASCII. */
export interface ImportedFunction extends Signature {
  readonly name: string;
}

/** A function of the module. */
export interface ModuleFunction extends Signature {
  readonly body: Assembler;
  /** The name by which the host calls it, in ASCII; null: it does not. */
  readonly exported: string | null;
}

/**
 * A module: functions are numbered with the imported ones first. Its memory comes from the host;
 * its globals can be written, and are 0 at first.
 */
export interface WasmModule {
  readonly imports: readonly ImportedFunction[];
  readonly memory: { readonly pagesMin: number; readonly pagesMax: number };
  readonly globals: readonly ValType[];
  readonly functions: readonly ModuleFunction[];
}

/** The module from which everything is imported. */
export const HOST_MODULE = "host";
/** The name of the memory there. */
export const MEMORY_NAME = "memory";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const FUNCTION_TYPE = 0x60;
const WITH_MAX = 0x01;
const KINDS = { function: 0, memory: 2 } as const;
const SECTIONS = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;

/** The bytes of a module. */
export function encodeModule(module: WasmModule): Uint8Array {
  const { imports, memory, globals, functions } = module;
  const signatures = [...imports, ...functions];
  const types = [...new Map(signatures.map((s) => [keyOf(s), s])).values()];
  const typeOf = (signature: Signature): readonly number[] =>
    unsignedLeb(types.findIndex((type) => keyOf(type) === keyOf(signature)));
  const limits = [WITH_MAX, ...unsignedLeb(memory.pagesMin), ...unsignedLeb(memory.pagesMax)];
  const imported = [
    [...named(HOST_MODULE), ...named(MEMORY_NAME), KINDS.memory, ...limits],
    ...imports.map((f) => [...named(HOST_MODULE), ...named(f.name), KINDS.function, ...typeOf(f)]),
  ];
  const exported = functions.flatMap((f, i) =>
    f.exported === null
      ? []
      : [[...named(f.exported), KINDS.function, ...unsignedLeb(imports.length + i)]],
  );
  return Uint8Array.from([
    ...HEADER,
    ...section("type", types.map(typeBytes)),
    ...section("import", imported),
    ...section("function", functions.map(typeOf)),
    ...section("global", globals.map(globalBytes)),
    ...section("export", exported),
    ...section(
      "code",
      functions.map(({ body }) => sized(body.finish())),
    ),
  ]);
}

function keyOf({ params, result }: Signature): string {
  return `${params.join(" ")} > ${result}`;
}

function typeBytes({ params, result }: Signature): readonly number[] {
  const results = result === null ? [] : [VAL_TYPES[result]];
  const given = params.map((type) => VAL_TYPES[type]);
  return [FUNCTION_TYPE, ...unsignedLeb(given.length), ...given, results.length, ...results];
}

/** A global that can be written, 0 at first. */
function globalBytes(type: ValType): readonly number[] {
  const zero = {
    i32: [0x41, ...signedLeb(0)],
    i64: [0x42, ...signedLeb(0)],
    f64: [0x44, 0, 0, 0, 0, 0, 0, 0, 0],
  }[type];
  return [VAL_TYPES[type], 0x01, ...zero, CONTROL_BYTES.end];
}

function section(
  name: keyof typeof SECTIONS,
  entries: readonly (readonly number[])[],
): readonly number[] {
  return [SECTIONS[name], ...sized([...unsignedLeb(entries.length), ...entries.flat()])];
}

function sized(bytes: readonly number[]): readonly number[] {
  return [...unsignedLeb(bytes.length), ...bytes];
}

function named(text: string): readonly number[] {
  return [...unsignedLeb(text.length), ...Array.from(text, (c) => c.charCodeAt(0))];
}
