// Native builtins of language 16.7: JSON, CSV, base64, hexadecimal, Bytes, paths.

import { fromBase64, parseJson, toBase64, valueFromJson } from "@lumen/core/encoding";
import { fromHex, toHex, utf8Decode, utf8Encode } from "@lumen/core/hash";
import { isList, MapValue, makeList, mapGet, share, type Value } from "@lumen/core/value";
import { joinBytes } from "../containers/bytes.ts";
import { jsonText } from "../text/json-text.ts";
import { lossyUtf8 } from "../text/lossy-utf8.ts";
import {
  arg,
  bytesArg,
  clampInt,
  intArg,
  type Native,
  type Natives,
  textArg,
  wrongKind,
} from "./native.ts";

const parseJsonText: Native = (args) => {
  const node = parseJson(textArg("parse_json", args, 0));
  const value = node.ok ? valueFromJson("json", node.value) : null;
  return value?.ok === true ? value.value : null;
};

/** A dotted path; integer components index lists. Null where there is nothing. */
const jsonGet: Native = (args) => {
  let value = arg(args, 0);
  for (const step of textArg("json_get", args, 1).split(".")) {
    if (value instanceof MapValue) value = mapGet(value, step) ?? null;
    else if (isList(value) && /^\d+$/.test(step)) value = value[Number(step)] ?? null;
    else return null;
  }
  return share(value);
};

/** The fields of one line. A quoted field ends at its quote; what follows up to the comma stays. */
function csvFields(line: string): Value {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quoted && character === '"' && line.charAt(at + 1) === '"') {
      field += '"';
      at += 1;
    } else if (character === '"' && (quoted || field === "")) quoted = !quoted;
    else if (character === "," && !quoted) {
      fields.push(field);
      field = "";
    } else field += character;
  }
  return makeList([...fields, field]);
}

const csvParse: Native = (args) => {
  const lines = textArg("csv_parse", args, 0).split(/\r?\n/);
  return makeList(lines.filter((line) => line.trim() !== "").map(csvFields));
};

function encoder(name: string, encode: (bytes: Uint8Array) => string): Native {
  return (args) => {
    const value = arg(args, 0);
    if (value instanceof Uint8Array) return encode(value);
    if (typeof value === "string") return encode(utf8Encode(value));
    throw wrongKind(name, "String or Bytes", value);
  };
}

function decoder(name: string, decode: (text: string) => Uint8Array | null): Native {
  return (args) => {
    const bytes = decode(textArg(name, args, 0));
    return bytes === null ? null : lossyUtf8(bytes);
  };
}

const bytesSlice: Native = (args) => {
  const bytes = bytesArg("bytes_slice", args, 0);
  const start = intArg("bytes_slice", args, 1);
  const last = intArg("bytes_slice", args, 2);
  const end = last <= 0 ? bytes.length : last;
  if (start < 0 || end > bytes.length || start > end) return new Uint8Array(0);
  return bytes.slice(clampInt(start, bytes.length), clampInt(end, bytes.length));
};

const pathJoin: Native = (args) => {
  const base = textArg("path_join", args, 0);
  const path = textArg("path_join", args, 1);
  if (path.startsWith("/") || base === "") return path;
  return base.endsWith("/") || path === "" ? base + path : `${base}/${path}`;
};

/** Natives by name. */
export const DATA_NATIVES: Natives<
  | "parse_json"
  | "to_json"
  | "json_pretty"
  | "json_get"
  | "csv_parse"
  | "base64_encode"
  | "base64_decode"
  | "hex_encode"
  | "hex_decode"
  | "bytes_from_ascii"
  | "bytes_to_ascii"
  | "bytes_len"
  | "bytes_slice"
  | "bytes_concat"
  | "path_join"
> = {
  parse_json: parseJsonText,
  to_json: (args) => jsonText(arg(args, 0), null),
  json_pretty: (args) => jsonText(arg(args, 0), 2),
  json_get: jsonGet,
  csv_parse: csvParse,
  base64_encode: encoder("base64_encode", toBase64),
  base64_decode: decoder("base64_decode", fromBase64),
  hex_encode: encoder("hex_encode", toHex),
  hex_decode: decoder("hex_decode", (text) => fromHex(text.toLowerCase())),
  bytes_from_ascii: (args) => utf8Encode(textArg("bytes_from_ascii", args, 0)),
  bytes_to_ascii: (args) => utf8Decode(bytesArg("bytes_to_ascii", args, 0)),
  bytes_len: (args) => bytesArg("bytes_len", args, 0).length,
  bytes_slice: bytesSlice,
  bytes_concat: (args) =>
    joinBytes(bytesArg("bytes_concat", args, 0), bytesArg("bytes_concat", args, 1)),
  path_join: pathJoin,
};
