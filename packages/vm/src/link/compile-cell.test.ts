// The words of a cell: which constants need none, which neighbours are one instruction, where
// instructions stand.

import { OPCODES } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { describe, expect, it } from "vitest";
import { sketch } from "../testing/sketch.ts";
import { codeOf, LOOP } from "./compile-cell.ts";
import type { CellCode } from "./program.ts";
import { STEP_AND_LOOP } from "./superinstructions.ts";

function compiled(text: string): CellCode {
  return codeOf(required(sketch(text).cells.get("m#main"), "the cell exists"));
}

/** The interpreter's opcode at each instruction of LIR. */
function opcodes({ words, offsets }: CellCode): readonly (number | undefined)[] {
  return [...offsets].map((offset) => words[words[offset] === 0 ? offset + 2 : offset]);
}

describe("constants", () => {
  it("that a register holds for good are there when the frame begins", () => {
    const code = compiled(`
cell main(i0) -> i {}
  const i1, 7
  add_int i2, i0, i1
  return i2
`);
    expect(code.blank).toEqual([null, 7, null]);
    expect(opcodes(code)).toEqual([
      OPCODES.add_int.number,
      OPCODES.add_int.number,
      OPCODES.return.number,
    ]);
    expect(code.offsets[0]).toBe(0);
    expect(code.offsets[1]).toBe(2);
  });

  it("in registers that are written again, or may hold null before, are put there", () => {
    const { blank } = compiled(`
cell main(i0) -> i {}
  const i1, 7
  const a2, 7
  const i0, 7
  add_int i1, i0, i1
  return i1
`);
    expect(blank).toEqual([null, null, null]);
  });
});

describe("neighbours", () => {
  it("are one instruction where the second reads what the first writes", () => {
    const code = compiled(`
cell main(i0) -> i {}
  lt_int b1, i0, i0
  jump_unless b1, ->end
  lt_int b2, i0, i0
  jump_unless b1, ->end
  const i0, 1
end:
  return i0
`);
    const { lt_int, jump_unless } = OPCODES;
    expect(opcodes(code).slice(0, 4)).toEqual([
      140,
      jump_unless.number,
      lt_int.number,
      jump_unless.number,
    ]);
  });

  it("stay two where a jump leads to the second", () => {
    const code = compiled(`
cell main(i0, i1) -> i {}
head:
  lt_int b2, i0, i1
  jump_unless b2, ->next
  add_int i0, i0, i1
next:
  jump ->head
`);
    expect(opcodes(code).slice(2)).toEqual([OPCODES.add_int.number, LOOP]);
  });

  it("that step and go back count the turns of the loop", () => {
    const code = compiled(`
cell main(i0, i1) -> i {}
head:
  lt_int b2, i0, i1
  jump_unless b2, ->end
  add_int i0, i0, i1
  jump ->head
end:
  return i0
`);
    expect(opcodes(code).slice(2, 4)).toEqual([STEP_AND_LOOP, LOOP]);
  });
});
