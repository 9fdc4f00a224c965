// The world that the code of a TypeScript tile sees, as source text: the same on every host,
// without clock, random, locale and host objects, and frozen, so that nothing outlives an
// execution (spec/formats.md 6, language 21.5). Evaluated once per realm, before any code of
// authors.

import { BUILTIN_NAMES, GLOBALS, INEXACT_MATH } from "./realm-names.ts";
import { REALM_NUMBERS } from "./realm-numbers.ts";

/** Longest array or string-like that a built-in function walks over without a chance to stop. */
const LENGTH_MAX = 2 ** 26;

/**
 * An expression whose value is `{ global, bytes, invoke }`: what stands for `globalThis` in the
 * code of authors, a function that makes bytes of a length, and one that calls an entry.
 */
export const REALM: string = `(() => {
  "use strict";
  const {
    apply,
    defineProperty,
    deleteProperty,
    getOwnPropertyDescriptor,
    getPrototypeOf,
    ownKeys,
  } = Reflect;
  const { freeze, isFrozen } = Object;
  const { isArray } = Array;
  const { isSafeInteger, isInteger } = Number;
  const world = globalThis;
  const hidden = (object, key, value) =>
    defineProperty(object, key, { value, writable: true, enumerable: false, configurable: true });

  // Intrinsics that no global names.
  const functions = [function* () {}, async () => {}, async function* () {}, () => {}];
  const unnamed = functions.map(getPrototypeOf);
  const iterators = [
    [][Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    ""[Symbol.iterator](),
    "".matchAll(/x/g),
    (function* () {})(),
  ];
  for (const iterator of iterators) unnamed.push(getPrototypeOf(iterator));
  unnamed.push(getPrototypeOf(Uint8Array));
  // Guests that wait are refused when they are made; what they would reach is frozen all the same.
  unnamed.push(getPrototypeOf((async () => {})()));

  // What is not the same everywhere, says so.
  const absent = (what, way) =>
    function () {
      throw new Error("tiles have no " + what + (way === undefined ? "" : ": " + way));
    };
  const GLOBALS = new Set(${JSON.stringify(GLOBALS)});
  for (const key of ownKeys(world)) if (!GLOBALS.has(key)) deleteProperty(world, key);
  const typed = getPrototypeOf(Uint8Array).prototype;
  const roots = {
    GeneratorFunction: unnamed[0],
    Generator: unnamed[0].prototype,
    Iterator: getPrototypeOf(unnamed[0].prototype),
    ArrayIterator: getPrototypeOf([].values()),
    MapIterator: getPrototypeOf(new Map().keys()),
    SetIterator: getPrototypeOf(new Set().keys()),
    StringIterator: getPrototypeOf(""[Symbol.iterator]()),
    RegExpStringIterator: getPrototypeOf("".matchAll(/x/g)),
    TypedArray: typed.constructor,
    Function: unnamed[3].constructor,
  };
  const nameOf = (key) =>
    typeof key === "symbol" ? key.description.replace("Symbol.", "@") : key;
  for (const [path, names] of ${JSON.stringify(BUILTIN_NAMES)}) {
    const [root, ...rest] = path.split(".");
    const object = rest.reduce((owner, key) => owner[key], roots[root] ?? world[root]);
    for (const key of ownKeys(object))
      if (!names.includes(nameOf(key))) deleteProperty(object, key);
  }
  for (const key of ${JSON.stringify(INEXACT_MATH)})
    hidden(
      Math,
      key,
      key === "random"
        ? absent("Math.random", "the same input gives the same output")
        : absent(
            "value of Math." + key,
            "a direct call, Math." +
              key +
              "(…), is computed the same everywhere if tiles have it",
          ),
    );
  for (const name of ["Date", "Intl"])
    hidden(world, name, absent(name, "give such values as inputs"));
  const promises = absent("promises", "a tile answers at once");
  for (const key of ["all", "allSettled", "any", "race", "reject", "resolve"])
    hidden(promises, key, promises);
  hidden(world, "Promise", promises);
  hidden(world.Date, "now", absent("clock", "give the time as an input"));
  for (const prototype of unnamed.slice(0, functions.length))
    hidden(prototype, "constructor", absent("code from text"));
  const locale = absent("locale");
  for (const type of [Array, Number, BigInt, getPrototypeOf(Uint8Array)])
    hidden(type.prototype, "toLocaleString", locale);
  for (const key of ["localeCompare", "toLocaleLowerCase", "toLocaleUpperCase"])
    hidden(String.prototype, key, locale);

${REALM_NUMBERS}
  // The text of built-in functions is that of the engine.
  const functionText = roots.Function.prototype.toString;
  hidden(
    roots.Function.prototype,
    "toString",
    {
      toString() {
        const text = apply(functionText, this, []);
        return text.slice(-32).includes("[native code]") ? "function () { [native code] }" : text;
      },
    }.toString,
  );

  // How often and with what a comparison is called is the same everywhere.
  const merge = (items, compare) => {
    if (items.length < 2) return items;
    const half = items.length >>> 1;
    const left = merge(items.slice(0, half), compare);
    const right = merge(items.slice(half), compare);
    const merged = [];
    for (let i = 0, j = 0; i < left.length || j < right.length; )
      merged.push(
        j >= right.length || (i < left.length && !(compare(left[i], right[j]) > 0))
          ? left[i++]
          : right[j++],
      );
    return merged;
  };
  const byText = (a, b) => {
    const [x, y] = [String(a), String(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  };
  const comparison = (compare, other) => {
    if (compare !== undefined && typeof compare !== "function")
      throw new TypeError("the comparison is no function");
    return compare === undefined ? other : compare;
  };
  const sorted = (list, compare) => {
    const items = [];
    for (let i = 0; i < list.length; i++) if (list[i] !== undefined) items.push(list[i]);
    return merge(items, comparison(compare, byText));
  };
  const arraySort = {
    sort(compare) {
      if (!isArray(this)) throw new TypeError("sort takes an array");
      const items = sorted(this, compare);
      for (let i = 0; i < this.length; i++) {
        if (i < items.length) this[i] = items[i];
        else if (i in this) this[i] = undefined;
      }
      return this;
    },
    toSorted(compare) {
      const copy = [...this];
      return apply(arraySort.sort, copy, [compare]);
    },
  };
  for (const key of ["sort", "toSorted"]) hidden(Array.prototype, key, arraySort[key]);
  const typedSort = typed.sort;
  hidden(
    typed,
    "sort",
    {
      sort(compare) {
        if (comparison(compare, undefined) === undefined) return apply(typedSort, this, []);
        const items = merge([...this], compare);
        for (let i = 0; i < items.length; i++) this[i] = items[i];
        return this;
      },
    }.sort,
  );
  deleteProperty(typed, "toSorted");

  // Built-in loops that no limit of steps can end.
  for (const key of [
    "at",
    "concat",
    "copyWithin",
    "fill",
    "flat",
    "includes",
    "indexOf",
    "join",
    "lastIndexOf",
    "pop",
    "push",
    "reverse",
    "shift",
    "slice",
    "splice",
    "toReversed",
    "toSpliced",
    "unshift",
    "with",
  ]) {
    const original = Array.prototype[key];
    if (original === undefined) continue;
    hidden(
      Array.prototype,
      key,
      {
        [key](...args) {
          if (!isArray(this)) throw new TypeError(key + " takes an array");
          if (this.length > ${LENGTH_MAX}) throw new RangeError(key + ": the array is too long");
          if (key === "concat")
            for (const part of args)
              if (part !== null && typeof part === "object" && part.length > ${LENGTH_MAX})
                throw new RangeError("concat: the array is too long");
          return apply(original, this, args);
        },
      }[key],
    );
  }

  // Frozen prototypes would keep objects from having own properties of the same name by assignment.
  const assignable = (object, key) => {
    const value = object[key];
    defineProperty(object, key, {
      configurable: false,
      enumerable: false,
      get: () => value,
      set(next) {
        if (this === object)
          throw new TypeError("'" + String(key) + "' of a built-in object is fixed");
        defineProperty(this, key, {
          value: next,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
    });
  };
  for (const key of ["constructor", "toString", "valueOf", "hasOwnProperty"])
    assignable(Object.prototype, key);
  for (const type of [
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    AggregateError,
  ])
    for (const key of ["name", "message", "toString"])
      if (getOwnPropertyDescriptor(type.prototype, key) !== undefined)
        assignable(type.prototype, key);

  const global = Object.create(null);
  for (const key of [...GLOBALS, "Date", "Intl", "Promise"])
    if (key in world) hidden(global, key, world[key]);
  hidden(global, "globalThis", global);

  const seen = new Set();
  const visit = (value) => {
    if (value === null || value === world || seen.has(value)) return;
    if (typeof value !== "object" && typeof value !== "function") return;
    seen.add(value);
    for (const key of ownKeys(value)) {
      const { value: held, get, set } = getOwnPropertyDescriptor(value, key);
      visit(held);
      visit(get);
      visit(set);
    }
    visit(getPrototypeOf(value));
  };
  visit(global);
  unnamed.forEach(visit);
  for (const value of seen) freeze(value);

  // Whatever an entry answers becomes a buffer, or an object of two texts and a buffer.
  // It is copied by what no guest can have a say in: neither constructor nor own properties.
  const { get: lengthOf } = getOwnPropertyDescriptor(typed, "length");
  const { get: tagOf } = getOwnPropertyDescriptor(typed, Symbol.toStringTag);
  const put = typed.set;
  const bufferOf = (bytes) => {
    if (apply(tagOf, bytes, []) !== "Uint8Array") throw new TypeError("it answers no Uint8Array");
    const copy = new Uint8Array(apply(lengthOf, bytes, []));
    apply(put, copy, [bytes]);
    return copy.buffer;
  };
  const invoke = (entry) => (buffer) => {
    const ended = entry(new Uint8Array(buffer));
    if (ended.ok === true) return bufferOf(ended.output);
    return {
      code: String(ended.code),
      message: String(ended.message),
      error: bufferOf(ended.error),
    };
  };
  const bytes = (length) => new Uint8Array(length);
  return freeze({ global, bytes: freeze(bytes), invoke: freeze(invoke) });
})()`;

/**
 * An expression whose value is a function of the world: it runs the code of a guest, and gives what
 * the guest exports.
 */
export function guestExpression(source: string): string {
  return `(function (globalThis) { "use strict";\n${source}\nreturn __raster_guest;\n})`;
}

/** The name under which a guest exports the entry of a tile (formats 6). */
export function entrySymbol(tileId: string): string {
  return `__raster_tile_entry_${tileId}`;
}
