// The bound on nesting, for every way of visiting a value and every kind of container.

import { expect, test } from "vitest";
import { compareValues } from "./compare.ts";
import {
  KEY_PARTS_MAX,
  VALUE_DEPTH_MAX,
  VALUE_PARTS_MAX,
  VALUE_TEXT_UNITS_MAX,
  ValueDepthError,
  ValueSizeError,
  Visit,
} from "./depth.ts";
import { debugValue, displayValue } from "./display.ts";
import { equalValues } from "./equal.ts";
import { hashKey } from "./key.ts";
import { TextWriter } from "./text-writer.ts";
import { makeList, Some, Tuple, type Value } from "./value.ts";
import { makeOk } from "./variant.ts";

const VISITS: Readonly<Record<string, (a: Value, b: Value) => unknown>> = {
  display: (a) => displayValue(a),
  debug: (a) => debugValue(a),
  compare: (a, b) => compareValues(a, b),
  equal: (a, b) => equalValues(a, b),
  key: (a) => hashKey(a),
};

const WRAPPERS: Readonly<Record<string, (inner: Value) => Value>> = {
  list: (inner) => makeList([inner]),
  tuple: (inner) => new Tuple([inner, 1]),
  some: (inner) => new Some(inner),
  variant: (inner) => makeOk(inner),
};

function nested(levels: number, wrap: (inner: Value) => Value): Value {
  let value: Value = 1;
  for (let i = 0; i < levels; i += 1) value = wrap(value);
  return value;
}

for (const [name, visit] of Object.entries(VISITS)) {
  for (const [kind, wrap] of Object.entries(WRAPPERS)) {
    test(`${name} visits ${VALUE_DEPTH_MAX} levels of ${kind} and refuses one more`, () => {
      const atBound = (): Value => nested(VALUE_DEPTH_MAX, wrap);
      expect(() => visit(atBound(), atBound())).not.toThrow();
      const beyond = (): Value => nested(VALUE_DEPTH_MAX + 1, wrap);
      expect(() => visit(beyond(), beyond())).toThrow(ValueDepthError);
    });
  }
}

test.each([VALUE_PARTS_MAX, KEY_PARTS_MAX])("a visit passes %i parts and no more", (partsMax) => {
  const visit = new Visit(partsMax);
  expect(() => visit.pass(partsMax)).not.toThrow();
  expect(() => visit.pass(1)).toThrow(ValueSizeError);
});

test("a text has up to 2^26 units", () => {
  const half = "x".repeat(VALUE_TEXT_UNITS_MAX / 2);
  const writer = new TextWriter();
  writer.write(half);
  writer.write(half);
  expect(() => writer.write("x")).toThrow(ValueSizeError);
});

test("a small value with many parts, written out, has no key", () => {
  let value: Value = 1;
  for (let i = 0; i < 60; i += 1) value = makeList([value, value]);
  expect(() => hashKey(value)).toThrow(ValueSizeError);
});
