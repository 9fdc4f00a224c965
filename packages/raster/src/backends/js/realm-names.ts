// What the code of a TypeScript tile finds in the language: the names that ECMAScript 2023 gives
// its globals and built-in objects. Engines have more, each its own; a realm takes the rest away
// (language 21.6).

/** Everything that is global, besides what every realm has and cannot lose. */
export const GLOBALS: readonly string[] = [
  "AggregateError",
  "Array",
  "ArrayBuffer",
  "BigInt",
  "BigInt64Array",
  "BigUint64Array",
  "Boolean",
  "DataView",
  "Error",
  "EvalError",
  "Float32Array",
  "Float64Array",
  "Infinity",
  "Int16Array",
  "Int32Array",
  "Int8Array",
  "JSON",
  "Map",
  "Math",
  "NaN",
  "Number",
  "Object",
  "Proxy",
  "RangeError",
  "ReferenceError",
  "Reflect",
  "RegExp",
  "Set",
  "String",
  "Symbol",
  "SyntaxError",
  "TypeError",
  "URIError",
  "Uint16Array",
  "Uint32Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "WeakMap",
  "WeakSet",
  "decodeURI",
  "decodeURIComponent",
  "encodeURI",
  "encodeURIComponent",
  "globalThis",
  "isFinite",
  "isNaN",
  "parseFloat",
  "parseInt",
  "undefined",
];

/** Functions of `Math` that are exact, so that all engines give the same; and its constants. */
export const EXACT_MATH: readonly string[] = [
  ...["abs", "ceil", "clz32", "floor", "fround", "imul", "max", "min", "round", "sign"],
  ...["sqrt", "trunc", "E", "LN10", "LN2", "LOG10E", "LOG2E", "PI", "SQRT1_2", "SQRT2"],
];

/** Functions of `Math` whose value engines compute differently. */
export const INEXACT_MATH: readonly string[] = [
  ...["acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "exp"],
  ...["expm1", "hypot", "log", "log10", "log1p", "log2", "pow", "random", "sin", "sinh", "tan"],
  "tanh",
];

const ERRORS: readonly string[] = [
  ...["AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError"],
  "URIError",
];

const TYPED_ARRAYS: readonly string[] = [
  ...["BigInt64Array", "BigUint64Array", "Float32Array", "Float64Array", "Int16Array"],
  ...["Int32Array", "Int8Array", "Uint16Array", "Uint32Array", "Uint8Array", "Uint8ClampedArray"],
];

/** Names of an object by its path; `@iterator` is the symbol. */
const NAMES: { readonly [path: string]: string } = {
  Error: "length name prototype",
  "Error.prototype": "constructor message name toString",
  Array: "@species from isArray length name of prototype",
  "Array.prototype": [
    "@iterator @unscopables at concat constructor copyWithin entries every fill filter",
    "find findIndex findLast findLastIndex flat flatMap forEach includes indexOf join",
    "keys lastIndexOf length map pop push reduce reduceRight reverse shift slice some",
    "sort splice toLocaleString toReversed toSorted toSpliced toString unshift values",
    "with",
  ].join(" "),
  ArrayBuffer: "@species isView length name prototype",
  "ArrayBuffer.prototype": [
    "@toStringTag byteLength constructor maxByteLength resizable resize slice",
  ].join(" "),
  ArrayIterator: "@toStringTag next",
  BigInt: "asIntN asUintN length name prototype",
  "BigInt.prototype": "@toStringTag constructor toLocaleString toString valueOf",
  Boolean: "length name prototype",
  "Boolean.prototype": "constructor toString valueOf",
  DataView: "length name prototype",
  "DataView.prototype": [
    "@toStringTag buffer byteLength byteOffset constructor getBigInt64 getBigUint64",
    "getFloat32 getFloat64 getInt16 getInt32 getInt8 getUint16 getUint32 getUint8",
    "setBigInt64 setBigUint64 setFloat32 setFloat64 setInt16 setInt32 setInt8 setUint16",
    "setUint32 setUint8",
  ].join(" "),
  "Function.prototype": [
    "@hasInstance apply arguments bind call caller constructor length name toString",
  ].join(" "),
  Generator: "@toStringTag constructor next return throw",
  GeneratorFunction: "@toStringTag constructor prototype",
  Iterator: "@iterator",
  JSON: "@toStringTag parse stringify",
  Map: "@species length name prototype",
  "Map.prototype": [
    "@iterator @toStringTag clear constructor delete entries forEach get has keys set",
    "size values",
  ].join(" "),
  MapIterator: "@toStringTag next",
  Number: [
    "EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN",
    "POSITIVE_INFINITY isFinite isInteger isNaN isSafeInteger length name parseFloat",
    "parseInt prototype",
  ].join(" "),
  "Number.prototype": [
    "constructor toExponential toFixed toLocaleString toPrecision toString valueOf",
  ].join(" "),
  Object: [
    "assign create defineProperties defineProperty entries freeze fromEntries",
    "getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames",
    "getOwnPropertySymbols getPrototypeOf hasOwn is isExtensible isFrozen isSealed keys",
    "length name preventExtensions prototype seal setPrototypeOf values",
  ].join(" "),
  "Object.prototype": [
    "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__",
    "constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString",
    "toString valueOf",
  ].join(" "),
  Proxy: "length name revocable",
  Reflect: [
    "@toStringTag apply construct defineProperty deleteProperty get",
    "getOwnPropertyDescriptor getPrototypeOf has isExtensible ownKeys preventExtensions",
    "set setPrototypeOf",
  ].join(" "),
  RegExp: "@species length name prototype",
  "RegExp.prototype": [
    "@match @matchAll @replace @search @split compile constructor dotAll exec flags",
    "global hasIndices ignoreCase multiline source sticky test toString unicode",
    "unicodeSets",
  ].join(" "),
  RegExpStringIterator: "@toStringTag next",
  Set: "@species length name prototype",
  "Set.prototype": [
    "@iterator @toStringTag add clear constructor delete entries forEach has keys size",
    "values",
  ].join(" "),
  SetIterator: "@toStringTag next",
  String: "fromCharCode fromCodePoint length name prototype raw",
  "String.prototype": [
    "@iterator anchor at big blink bold charAt charCodeAt codePointAt concat constructor",
    "endsWith fixed fontcolor fontsize includes indexOf isWellFormed italics lastIndexOf",
    "length link localeCompare match matchAll normalize padEnd padStart repeat replace",
    "replaceAll search slice small split startsWith strike sub substr substring sup",
    "toLocaleLowerCase toLocaleUpperCase toLowerCase toString toUpperCase toWellFormed",
    "trim trimEnd trimLeft trimRight trimStart valueOf",
  ].join(" "),
  StringIterator: "@toStringTag next",
  Symbol: [
    "asyncIterator for hasInstance isConcatSpreadable iterator keyFor length match",
    "matchAll name prototype replace search species split toPrimitive toStringTag",
    "unscopables",
  ].join(" "),
  "Symbol.prototype": "@toPrimitive @toStringTag constructor description toString valueOf",
  TypedArray: "@species from length name of prototype",
  "TypedArray.prototype": [
    "@iterator @toStringTag at buffer byteLength byteOffset constructor copyWithin",
    "entries every fill filter find findIndex findLast findLastIndex forEach includes",
    "indexOf join keys lastIndexOf length map reduce reduceRight reverse set slice some",
    "sort subarray toLocaleString toReversed toString values with",
  ].join(" "),
  WeakMap: "length name prototype",
  "WeakMap.prototype": "@toStringTag constructor delete get has set",
  WeakSet: "length name prototype",
  "WeakSet.prototype": "@toStringTag add constructor delete has",
};

/**
 * The names of every built-in object that has more in some engine: by path from a global, or from
 * one of the objects that no global names (`Generator`, `TypedArray`, …).
 */
export const BUILTIN_NAMES: readonly (readonly [path: string, names: readonly string[]])[] = [
  ...Object.entries(NAMES).map(([path, names]) => [path, names.split(" ")] as const),
  ["Math", ["@toStringTag", ...EXACT_MATH, ...INEXACT_MATH]],
  ...ERRORS.map((error) => [error, ["length", "name", "prototype"]] as const),
  ...ERRORS.map((error) => [`${error}.prototype`, ["constructor", "message", "name"]] as const),
  ...TYPED_ARRAYS.map(
    (type) => [type, ["BYTES_PER_ELEMENT", "length", "name", "prototype"]] as const,
  ),
  ...TYPED_ARRAYS.map(
    (type) => [`${type}.prototype`, ["BYTES_PER_ELEMENT", "constructor"]] as const,
  ),
];
