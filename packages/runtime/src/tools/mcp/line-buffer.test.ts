// Lines from pieces of bytes: wherever the pieces end, and at the bound of their length.

import { expect, it } from "vitest";
import { LineBuffer } from "./line-buffer.ts";

const TEXT = "eins\r\nzwei ü€😀\n\ndrei\n";
const LINES = ["eins", "zwei ü€😀", "", "drei"];

it.each([1, 2, 3, 5, 100])("gives the same lines for pieces of %d bytes", (size) => {
  const lines: string[] = [];
  const buffer = new LineBuffer(100, (line) => lines.push(line));
  const bytes = Buffer.from(TEXT, "utf8");
  for (let at = 0; at < bytes.length; at += size) {
    expect(buffer.push(bytes.subarray(at, at + size))).toBe(true);
  }
  expect(lines).toEqual(LINES);
});

it("takes lines up to the bound, and none above", () => {
  const lines: string[] = [];
  const at = new LineBuffer(4, (line) => lines.push(line));
  expect(at.push(Buffer.from("1234\n12"))).toBe(true);
  expect(at.push(Buffer.from("34\n"))).toBe(true);
  expect(lines).toEqual(["1234", "1234"]);
  expect(at.push(Buffer.from("12"))).toBe(true);
  expect(at.push(Buffer.from("345"))).toBe(false);
  expect(new LineBuffer(4, () => undefined).push(Buffer.from("12345\n"))).toBe(false);
});
