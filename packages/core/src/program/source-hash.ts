// The cache key of a tile's artifact (spec/formats.md 8.4): over all that can change its guest.
// Never an identity, never a commitment; compared as an opaque string.

import { encodeWith, type WireCodec, wire } from "../encoding/index.ts";
import { compareBytes, taggedHash, toHex, utf8Encode } from "../hash/index.ts";

/** A file that a tile depends on; `path` is relative to the project root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly sha256: Uint8Array;
}

/** What an artifact is made from. Files may come in any order. */
export interface ArtifactInputs {
  readonly files: readonly SourceFile[];
  readonly compiler: string;
  readonly backend: string;
  readonly options: ReadonlyMap<string, string>;
}

/** `source_hash`: 64 hex digits. */
export function sourceHash(inputs: ArtifactInputs): string {
  return toHex(taggedHash("raster.source.v1", sourceHashPayload(inputs)));
}

/** The hashed bytes of {@link sourceHash}: files ascending by the UTF-8 bytes of their paths. */
export function sourceHashPayload(inputs: ArtifactInputs): Uint8Array {
  const keyed = inputs.files.map((file) => ({ file, key: utf8Encode(file.path) }));
  keyed.sort((a, b) => compareBytes(a.key, b.key));
  return encodeWith(inputsCodec, { ...inputs, files: keyed.map(({ file }) => file) });
}

const inputsCodec: WireCodec<ArtifactInputs> = wire.record<ArtifactInputs>({
  files: wire.list(wire.record<SourceFile>({ path: wire.string, sha256: wire.hash32 })),
  compiler: wire.string,
  backend: wire.string,
  options: wire.stringMap,
});
