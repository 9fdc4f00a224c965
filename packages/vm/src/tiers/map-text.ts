// JavaScript for maps whose keys are texts or numbers, which are their own keys of the table; all
// else is left to the interpreter's operations.

import type { LirType } from "@lumen/core/lir";
import type { Emitter } from "./emit.ts";
import { registersOf } from "./instructions.ts";
import { boxText } from "./weights.ts";

function typeIn({ cell }: Emitter, register: number): LirType | undefined {
  return cell.module.lir.types[cell.lir.registers[register] ?? -1];
}

/** The test that the key in a register is its own key of a table; null where it need not be. */
function keyTest(x: Emitter, key: number): string | null {
  if (x.rep(key) === "int") return `typeof ${x.raw(key)} === "number"`;
  return typeIn(x, key)?.kind === "string" ? "true" : null;
}

/** `map_get` as an expression of the value or null; null where it is left to the interpreter. */
export function mapGetText(x: Emitter, map: number, key: number): string | null {
  // An Int that is a bigint may have the key of a double.
  if (typeIn(x, map)?.kind !== "map" || typeIn(x, key)?.kind !== "string") return null;
  return `((t = ${x.raw(map)}.store.get(${x.raw(key)})) === undefined ? null : t.value)`;
}

/** `get` of an Int from a map of Ints with an Int for what is absent; else null. */
export function getIntText(
  x: Emitter,
  index: number,
  w: number,
  [map = -1, key = -1, absent = -1]: readonly number[],
  slow: () => string,
): string | null {
  const type = typeIn(x, map);
  const item = type?.kind === "map" ? x.cell.module.lir.types[type.value]?.kind : undefined;
  const test = keyTest(x, key);
  const areInts = item === "int" && x.rep(absent) === "int" && x.rep(w) === "int";
  if (test === null || !areInts) return null;
  const found = `t = ${x.raw(map)}.store.get(${x.raw(key)});\n`;
  const value = `t = t === undefined ? ${x.raw(absent)} : t.value;\n`;
  const isSmall = 'typeof t === "number" && (t | 0) === t';
  const counted = x.charge(index, `${isSmall} ? 0 : H.itemBox(t)`);
  const fast = `${found}${value}${counted}r${w} = t;\n`;
  return test === "true" ? fast : `if (${test}) {\n${fast}} else {\n${slow()}}\n`;
}

/** `m[k] = v` in place where the map has the key and nobody else has the map; else null. */
export function setEntryText(
  x: Emitter,
  index: number,
  map: number,
  path: number | readonly number[] | undefined,
  value: { readonly register: number; readonly text: string },
  slow: string,
): string | null {
  const [kind, key = -1, ...more] = registersOf(path);
  if (typeIn(x, map)?.kind !== "map" || kind !== 0 || more.length > 0) return null;
  const test = keyTest(x, key);
  if (test === null) return null;
  const A = x.raw(map);
  const found = `const e = ${test} && (${A}.note & 1) === 0 ? ${A}.store.get(${x.raw(key)}) : undefined;\n`;
  const inPlace = `${x.charge(index, boxText(x, value.register))}e.value = y;\n`;
  const body = `${found}if (e !== undefined) {\n${inPlace}} else {\n${slow}}\n`;
  return `{ const y = ${value.text};\n${body}}\n`;
}
