// The types that are known of registers of any type.

import { required } from "@lumen/core/result";
import { describe, expect, it } from "vitest";
import { type CellSketch, programOf, T } from "../testing/build-program.ts";
import { knownTypes } from "./known-types.ts";

/** The kinds of types that are known of the registers of a cell, `?` where none is. */
function kinds(cell: CellSketch, registers: readonly number[]): readonly string[] {
  const [linked] = programOf([cell]).cells.values();
  const known = knownTypes(required(linked, "the program has a cell"));
  return registers.map((r) => known[r]?.kind ?? "?");
}

const { any = 0, string = 0, int = 0, floats = 0, list = 0 } = T;

describe("known types", () => {
  it("go through widening, indexing and iterating", () => {
    const cell: CellSketch = {
      params: 3,
      registers: [string, floats, int],
      code: [
        ["widen", 3, 0],
        ["index", 4, 3, 2],
        ["iter_new", 5, 1],
        ["iter_next", 6, 5, 5],
        ["return", 4],
        ["return", 6],
      ],
    };
    expect(kinds(cell, [0, 3, 4, 5, 6])).toEqual(["string", "string", "string", "?", "float"]);
  });

  it("are none where writes differ or anything is given; items may be of any type", () => {
    const cell: CellSketch = {
      params: 4,
      registers: [string, int, any, list],
      code: [
        ["widen", 4, 0],
        ["widen", 4, 1],
        ["move", 5, 2],
        ["index", 6, 3, 1],
        ["move", 7, 4],
        ["return", 7],
      ],
    };
    expect(kinds(cell, [2, 4, 5, 6, 7])).toEqual(["?", "?", "?", "any", "?"]);
  });

  it("hold around loops, whatever is written last", () => {
    const cell: CellSketch = {
      params: 2,
      registers: [string, int],
      code: [
        ["widen", 2, 0],
        ["move", 3, 2],
        ["move", 2, 3],
        ["jump_if", 4, 1],
        ["move", 5, 3],
        ["widen", 3, 1],
        ["return", 5],
      ],
    };
    expect(kinds(cell, [2, 3, 5])).toEqual(["?", "?", "?"]);
  });
});
