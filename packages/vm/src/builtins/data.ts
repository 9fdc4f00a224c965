// Native builtins of language 16.7: JSON, CSV, TOML, base64, hexadecimal, URLs, Bytes.

import {
  fromBase64,
  parseJson,
  toBase64,
  valueFromJson,
  valueToJsonText,
} from "@lumen/core/encoding";
import { fromHex, toHex, utf8Decode, utf8Encode } from "@lumen/core/hash";
import {
  displayValue,
  isList,
  listItem,
  MapValue,
  makeList,
  mapGet,
  share,
  type Value,
} from "@lumen/core/value";
import { joinBytes } from "../containers/bytes.ts";
import { BUFFER_BYTES } from "../memory.ts";
import { csvRow, parseCsv } from "../text/csv.ts";
import { jsonText } from "../text/json-text.ts";
import { lossyUtf8 } from "../text/lossy-utf8.ts";
import { joinTexts } from "../text/text-size.ts";
import { tomlText } from "../text/toml-encode.ts";
import { parseToml } from "../text/toml-parse.ts";
import { percentDecode, percentEncode } from "../text/url-text.ts";
import {
  arg,
  bytesArg,
  clampInt,
  contentArg,
  intArg,
  itemsArg,
  itemsOf,
  mapArg,
  type Native,
  type Natives,
  textArg,
  wrongKind,
} from "./native.ts";

/** Weight of a node of a parsed document, with the value that is made of it. */
const NODE_BYTES = 224;

/** Weight of the parts of a document, of which each but the first follows one of these signs. */
function documentBytes(text: string, signs: string): number {
  let count = 1;
  for (let i = 0; i < text.length; i += 1) if (signs.includes(text.charAt(i))) count += 1;
  return NODE_BYTES * count + 2 * text.length;
}

const parseJsonText: Native = (args, memory) => {
  const text = textArg("parse_json", args, 0);
  memory.charge(documentBytes(text, "[{,:"));
  const node = parseJson(text);
  const value = node.ok ? valueFromJson("json", node.value) : null;
  return value?.ok === true ? value.value : null;
};

/** The bytes that a value of Json stands for (formats 5); null where it is none of their forms. */
const jsonBytes: Native = (args) => {
  const text = valueToJsonText("json", arg(args, 0));
  const node = text.ok ? parseJson(text.value) : text;
  const bytes = node.ok ? valueFromJson("bytes", node.value) : node;
  return bytes.ok ? bytes.value : null;
};

/** A dotted path; integer components index lists. Null where there is nothing. */
const jsonGet: Native = (args) => {
  let value = arg(args, 0);
  for (const step of textArg("json_get", args, 1).split(".")) {
    if (value instanceof MapValue) value = mapGet(value, step) ?? null;
    else if (isList(value) && /^\d+$/.test(step)) value = listItem(value, Number(step));
    else return null;
  }
  return share(value);
};

const csvParse: Native = (args, memory) => {
  const text = textArg("csv_parse", args, 0);
  memory.charge(documentBytes(text, ",\n"));
  return makeList(parseCsv(text).map((row) => makeList([...row])));
};

const csvEncode: Native = (args) => {
  const rows = itemsArg("csv_encode", args, 0).map((row) => {
    const fields = itemsOf(row);
    if (fields === null) throw wrongKind("csv_encode", "List", row);
    return csvRow(fields.map(displayValue));
  });
  return joinTexts(rows, "");
};

/** Weight of what is needed to get at the bytes of a content, and of a text of them. */
function contentBytes(value: Value): number {
  if (typeof value === "string") return 4 * value.length;
  return value instanceof Uint8Array ? 4 * value.length : 0;
}

function encoder(name: string, encode: (bytes: Uint8Array) => string): Native {
  return (args, memory) => {
    memory.charge(contentBytes(arg(args, 0)));
    return encode(contentArg(name, args, 0));
  };
}

function decoder(name: string, decode: (text: string) => Uint8Array | null): Native {
  return (args, memory) => {
    memory.charge(contentBytes(arg(args, 0)));
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

/** Natives by name. */
export const DATA_NATIVES: Natives<
  | "parse_json"
  | "to_json"
  | "json_pretty"
  | "json_get"
  | "json_bytes$"
  | "csv_parse"
  | "csv_encode"
  | "toml_parse"
  | "toml_encode"
  | "url_encode"
  | "url_decode"
  | "base64_encode"
  | "base64_decode"
  | "hex_encode"
  | "hex_decode"
  | "bytes_from_ascii"
  | "bytes_to_ascii"
  | "bytes_len"
  | "bytes_slice"
  | "bytes_concat"
> = {
  parse_json: parseJsonText,
  to_json: (args) => jsonText(arg(args, 0), null),
  json_pretty: (args) => jsonText(arg(args, 0), 2),
  json_get: jsonGet,
  json_bytes$: jsonBytes,
  csv_parse: csvParse,
  csv_encode: csvEncode,
  toml_parse: (args, memory) => {
    const text = textArg("toml_parse", args, 0);
    memory.charge(documentBytes(text, "\n=.,[{"));
    return parseToml(text);
  },
  toml_encode: (args) => tomlText(mapArg("toml_encode", args, 0)),
  url_encode: (args) => percentEncode(textArg("url_encode", args, 0)),
  url_decode: (args) => percentDecode(textArg("url_decode", args, 0)),
  base64_encode: encoder("base64_encode", toBase64),
  base64_decode: decoder("base64_decode", fromBase64),
  hex_encode: encoder("hex_encode", toHex),
  hex_decode: decoder("hex_decode", (text) => fromHex(text.toLowerCase())),
  bytes_from_ascii: (args, memory) => {
    memory.charge(contentBytes(arg(args, 0)));
    return utf8Encode(textArg("bytes_from_ascii", args, 0));
  },
  bytes_to_ascii: (args, memory) => {
    memory.charge(contentBytes(arg(args, 0)));
    return utf8Decode(bytesArg("bytes_to_ascii", args, 0));
  },
  bytes_len: (args) => bytesArg("bytes_len", args, 0).length,
  bytes_slice: bytesSlice,
  bytes_concat: (args, memory) => {
    const [a, b] = [bytesArg("bytes_concat", args, 0), bytesArg("bytes_concat", args, 1)];
    memory.charge(BUFFER_BYTES + a.length + b.length);
    return joinBytes(a, b);
  },
};
