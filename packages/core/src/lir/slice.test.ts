// Slices and code bytes (lir.md 9): what a tile reaches, and nothing else, decides its bytes.

import { describe, expect, it } from "vitest";
import type { LirModule } from "./module.ts";
import { codeBytesOf, sliceOf } from "./slice.ts";
import { disassemble } from "./text.ts";
import { assemble } from "./text-assemble.ts";
import { validateModule } from "./validate.ts";

function moduleOf(text: string): LirModule {
  const module = assemble(text);
  if (!module.ok) throw new Error(module.error.message);
  return module.value;
}

function mainModule(constant: number, other: number): LirModule {
  return moduleOf(`module main
types
  0 string
  1 int
constants
  0 int ${other}
  1 int ${constant}
callees
  0 local 2
  1 extern lib g
cell other kind cell params 0 captures 0 result 1 row {}
  registers 0 1
  0 const r1, k0
  1 return r1
end
cell t kind tile params 1 captures 0 result 1 row {}
  registers 1 1
  0 call r1, c0, [r0]
  1 call r1, c1, [r1]
  2 return r1
end
cell helper kind cell params 1 captures 0 result 1 row {}
  registers 1 1
  0 const r1, k1
  1 add_int r1, r0, r1
  2 return r1
end
`);
}

function libModule(recursive: string): LirModule {
  return moduleOf(`module lib
types
  0 int
callees
  0 local 0
cell g kind cell params 1 captures 0 result 0 row {}
  registers 0
  0 ${recursive}
end
`);
}

const ENTRY = { module: "main", name: "t" };
const TAIL = "tail_call c0, [r0]";

function bytesOf(...modules: readonly LirModule[]): Uint8Array {
  const bytes = codeBytesOf(modules, ENTRY);
  if (!bytes.ok) throw new Error(bytes.error.message);
  return bytes.value;
}

describe("slices", () => {
  it("hold the tile, then what it reaches breadth first, with local callees", () => {
    const slice = sliceOf([mainModule(1, 2), libModule(TAIL)], ENTRY);
    expect(slice.ok ? disassemble(slice.value) : slice.error.message).toBe(`module ""
types
  0 int
constants
  0 int 1
callees
  0 local 1
  1 local 2
cell t kind tile params 1 captures 0 result 0 row {}
  registers 0 0
  0  call r1, c0, [r0]
  1  call r1, c1, [r1]
  2  return r1
end
cell helper kind cell params 1 captures 0 result 0 row {}
  registers 0 0
  0  const r1, k0
  1  add_int r1, r0, r1
  2  return r1
end
cell g kind cell params 1 captures 0 result 0 row {}
  registers 0
  0  tail_call c1, [r0]
end
`);
  });

  it("are valid modules", () => {
    const slice = sliceOf([mainModule(1, 2), libModule(TAIL)], ENTRY);
    if (!slice.ok) throw new Error(slice.error.message);
    expect(validateModule(slice.value)).toEqual({ ok: true, value: null });
  });

  it("do not change with what the tile does not reach", () => {
    const bytes = bytesOf(mainModule(1, 2), libModule(TAIL));
    expect(bytesOf(mainModule(1, 99), libModule(TAIL))).toEqual(bytes);
    expect(bytesOf(libModule(TAIL), mainModule(1, 2))).toEqual(bytes);
    const debug = { path: "main.lm", cells: [] };
    expect(bytesOf({ ...mainModule(1, 2), debug }, libModule(TAIL))).toEqual(bytes);
  });

  it("change with what the tile reaches, in any module", () => {
    const bytes = bytesOf(mainModule(1, 2), libModule(TAIL));
    expect(bytesOf(mainModule(3, 2), libModule(TAIL))).not.toEqual(bytes);
    expect(bytesOf(mainModule(1, 2), libModule("return r0"))).not.toEqual(bytes);
  });

  it("name the cell that is missing", () => {
    const alone = sliceOf([mainModule(1, 2)], ENTRY);
    expect(alone.ok ? "" : alone.error.message).toContain("no cell 'g' in module 'lib'");
    const none = sliceOf([mainModule(1, 2)], { module: "main", name: "u" });
    expect(none.ok ? "" : none.error.code).toBe("E_LIR_INVALID");
  });
});
