// Entry point `@lumen/core/hash`.
export { compareBytes, equalBytes } from "../value/byte-order.ts";
export { blake3, blake3DeriveKey, blake3Keyed } from "./blake3.ts";
export { concatBytes, ZERO32 } from "./bytes.ts";
export { crc32 } from "./crc32.ts";
export { fromHex, toHex } from "./hex.ts";
export {
  HKDF_LENGTH_MAX,
  hkdfExtract,
  hkdfSha256,
  hmacSha256,
  setSha256,
  sha256,
} from "./sha256.ts";
export { sha512 } from "./sha512.ts";
export { HASH_TAGS, type HashTag, taggedHash, tagPrefix } from "./tagged-hash.ts";
export { isWellFormed, utf8Decode, utf8Encode, utf8Length } from "./utf8.ts";
