// Entry point `@lumen/core/encoding`.
export { fromBase64, toBase64 } from "./base64.ts";
export { checkTypeDescriptor } from "./check-type.ts";
export { DecodeError, type DecodeReason } from "./decode-error.ts";
export { typeHash, valueDigest } from "./digest.ts";
export { jcs, type PlainDocument, parseDocument, stringifyDocument } from "./document.ts";
export {
  type ExtraField,
  type InputOptions,
  type InputParameter,
  inputFromJson,
  valueFromJson,
} from "./json-input.ts";
export { type JsonNode, parseJson } from "./json-node.ts";
export { type JsonTextOptions, valueToJsonText } from "./json-output.ts";
export { renderType } from "./render-type.ts";
export { enumShape, recordShape } from "./shapes.ts";
export {
  abiInputBytes,
  abiInputType,
  type DecodeOptions,
  decodeValue,
  decodeValuePrefix,
  encodeValue,
  VALUE_BYTES_MAX,
} from "./value-codec.ts";
export { decodeWith, encodeWith, type WireCodec, wire } from "./wire-codec.ts";
export { type DecodeMode, WireReader } from "./wire-reader.ts";
export { WireWriter, written } from "./wire-writer.ts";
