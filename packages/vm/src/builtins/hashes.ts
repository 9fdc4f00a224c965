// Native builtins of language 16.7 that hash bytes, or texts as their UTF-8 bytes.

import {
  blake3,
  HKDF_LENGTH_MAX,
  hkdfSha256,
  hmacSha256,
  sha512,
  toHex,
  utf8Encode,
} from "@lumen/core/hash";
import { runtimeTrap } from "../trap.ts";
import { contentArg, intArg, type Native, type Natives, textArg } from "./native.ts";

const hkdf: Native = (args) => {
  const length = intArg("hkdf", args, 3);
  if (length < 0 || length > HKDF_LENGTH_MAX) {
    throw runtimeTrap(`hkdf: length ${length} is not within 0 … ${HKDF_LENGTH_MAX}`);
  }
  const derived = hkdfSha256({
    keyMaterial: contentArg("hkdf", args, 0),
    salt: contentArg("hkdf", args, 1),
    info: contentArg("hkdf", args, 2),
    lengthBytes: Number(length),
  });
  return toHex(derived);
};

/** Looks at every byte, so that time says nothing about where two secrets differ. */
const constantTimeEq: Native = (args) => {
  const a = contentArg("constant_time_eq", args, 0);
  const b = contentArg("constant_time_eq", args, 1);
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
};

/** Natives by name. */
export const HASH_NATIVES: Natives<
  "sha512" | "blake3" | "hmac_sha256" | "hkdf" | "constant_time_eq"
> = {
  sha512: (args) => `sha512:${toHex(sha512(utf8Encode(textArg("sha512", args, 0))))}`,
  blake3: (args) => toHex(blake3(contentArg("blake3", args, 0))),
  hmac_sha256: (args) =>
    toHex(hmacSha256(contentArg("hmac_sha256", args, 0), contentArg("hmac_sha256", args, 1))),
  hkdf,
  constant_time_eq: constantTimeEq,
};
