// What the compiler emits is valid, canonical LIR, and goes through file and text unchanged.

import {
  assemble,
  canonicalModule,
  decodeModule,
  disassemble,
  encodeModule,
  type LirModule,
  readModule,
  sliceOf,
  validateModule,
  validateProgram,
} from "@lumen/core/lir";
import type { Program } from "@lumen/core/program";
import { compileText } from "@lumen/testkit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CorpusSource, documentBlocks, documentSources, fixtureSources } from "./corpus.ts";

const blocks: readonly CorpusSource[] = documentBlocks().map(({ name, text }) => ({
  name,
  compile: () => compileText({ text, extension: "lm" }),
}));

const programs = [...documentSources(), ...fixtureSources(), ...blocks].flatMap(
  ({ name, compile }): readonly { readonly name: string; readonly program: Program }[] => {
    const { program } = compile();
    return program === null ? [] : [{ name, program }];
  },
);

function messageOf(result: {
  readonly ok: boolean;
  readonly error?: { readonly message: string };
}) {
  return result.ok ? "valid" : result.error?.message;
}

describe.each(programs)("$name", ({ program }) => {
  it("is valid, module by module and linked", () => {
    for (const module of program.modules) expect(messageOf(validateModule(module))).toBe("valid");
    expect(messageOf(validateProgram(program.modules))).toBe("valid");
  });

  it("is canonical, and goes through file and text unchanged", () => {
    for (const module of program.modules) {
      const file = encodeModule(module);
      expect(encodeModule(canonicalModule(module))).toEqual(file);
      expect(decodeModule(file, module.name)).toEqual({ ok: true, value: module });
      const read = assemble(disassemble(module));
      expect(read).toEqual({ ok: true, value: { ...module, debug: null } });
    }
  });

  it("has tiles whose slices are valid", () => {
    for (const { guest } of program.tiles) {
      if (guest.kind !== "lir") throw new Error("a tile of a document has LIR");
      const slice = sliceOf(program.modules, guest.cell);
      if (!slice.ok) throw new Error(slice.error.message);
      expect(messageOf(validateModule(slice.value))).toBe("valid");
    }
  });
});

describe("mutated modules", () => {
  const files = programs.flatMap(({ program }) =>
    program.modules.map((module: LirModule) => encodeModule({ ...module, debug: null })),
  );

  it("never make the reader throw", () => {
    const change = fc.tuple(fc.nat(files.length - 1), fc.nat(1_000_000), fc.nat(255));
    fc.assert(
      fc.property(change, ([index, at, value]) => {
        const bytes = (files[index] ?? new Uint8Array()).slice();
        bytes[12 + (at % (bytes.length - 12))] = value;
        const result = readModule(bytes, "mutated.lir");
        if (result.ok) expect(encodeModule(result.value)).toEqual(bytes);
        else expect(result.error.code).toBe("E_LIR_INVALID");
      }),
      { seed: 20261121, numRuns: 1000 },
    );
  });
});
