// Events from bytes: every form that the format has, wherever the pieces end, up to the bound.

import { describe, expect, it } from "vitest";
import { EventStream } from "./event-stream.ts";

function read(text: string, size: number): readonly string[] {
  const events: string[] = [];
  const stream = new EventStream(1000, (data) => events.push(data));
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; at += size) {
    expect(stream.push(bytes.subarray(at, at + size))).toBe(true);
  }
  return events;
}

describe.each([1, 2, 3, 7, 1000])("pieces of %d bytes", (size) => {
  it.each([
    ["data: a\n\ndata: b\n\n", ["a", "b"]],
    ["data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]],
    ["data: a\r\rdata: b\r\r", ["a", "b"]],
    ["data: a\r\ndata: b\r\n\r\n", ["a\nb"]],
    ["data: a\n\r\n\n\r\rdata:b\r\n\n", ["a", "b"]],
    ["\ufeffdata: ü€😀\n\n", ["ü€😀"]],
    ["data: one\ndata\ndata:  two\n\n", ["one\n\n two"]],
    [": comment\n\n:\ndata: a\nevent: x\nid: 7\nretry: 1\nother\n\n", ["a"]],
    ["data: a\n\ndata: cut", ["a"]],
    ["data: a\n\ndata: cut\n", ["a"]],
    ["", []],
  ])("read %j", (text, events) => {
    expect(read(text, size)).toEqual(events);
  });
});

it("bounds an event", () => {
  const stream = (): EventStream => new EventStream(8, () => undefined);
  const push = (to: EventStream, text: string): boolean => to.push(Buffer.from(text));
  expect(push(stream(), "data: xy\n\ndata: xy\n\n")).toBe(true);
  expect(push(stream(), "data: xyz")).toBe(false);
  expect(push(stream(), "data: xyz\n\n")).toBe(false);
  const pieces = stream();
  expect([push(pieces, "data:"), push(pieces, "xy\n"), push(pieces, "ab")]).toEqual([
    true,
    true,
    false,
  ]);
});
