// The guests that a back end has opened: checks that bytes are the code that was asked for, finds
// the engine for their language, and opens each code once.

import { codeDigest, methodId } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { equalBytes, toHex } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import type { CompiledTile, TileMetadata } from "../backend.ts";
import { type Awaitable, whenOk } from "../verify/awaitable.ts";
import type { GuestEngine, OpenGuest } from "./guest-engine.ts";

/** Opened guests of one back end. */
export class GuestStore {
  readonly #backend: string;
  readonly #engines: readonly GuestEngine[];
  /** By code digest and name: two tiles may have the same code. */
  readonly #open = new Map<string, OpenGuest>();

  constructor(backend: string, engines: readonly GuestEngine[]) {
    this.#backend = backend;
    this.#engines = engines;
  }

  /** The artifact of a tile, whose guest is its code and can be opened. */
  compile(metadata: TileMetadata, code: Uint8Array): Awaitable<Result<CompiledTile, Failure>> {
    const tile: CompiledTile = {
      metadata,
      backend: this.#backend,
      guest: { file: `guest.${metadata.guest}`, bytes: code },
      methodId: methodId(this.#backend, code),
    };
    return whenOk(this.open(tile), () => ok(tile));
  }

  /** The guest of an artifact. `E_BACKEND_UNSUPPORTED` for a language without an engine. */
  open(tile: CompiledTile): Awaitable<Result<OpenGuest, Failure>> {
    const { metadata, guest } = tile;
    const key = `${toHex(metadata.code)} ${metadata.id}`;
    const known = this.#open.get(key);
    if (known !== undefined) return ok(known);
    const refused = wrongCode(metadata, guest.bytes);
    if (refused !== null) return err(refused);
    const engine = this.#engines.find((e) => e.kind === metadata.guest);
    if (engine === undefined) return err(this.#noEngine(metadata));
    return whenOk(engine.open(metadata, guest.bytes), (opened) => {
      this.#open.set(key, opened);
      return ok(opened);
    });
  }

  #noEngine({ id, guest }: TileMetadata): Failure {
    const { name, hint } = LANGUAGES[guest];
    const message = `the back end ${this.#backend} does not run ${name} tiles`;
    return failure("E_BACKEND_UNSUPPORTED", "compile", message, { subject: id, hint });
  }
}

/** Languages of tiles, and the way out where a back end has no engine for one. */
const LANGUAGES: {
  readonly [G in TileMetadata["guest"]]: { readonly name: string; readonly hint: string };
} = {
  lir: { name: "Lumen", hint: "Choose another back end with --backend." },
  js: {
    name: "TypeScript",
    hint: "native and isolate run them, without cycles; lumen analyze shows where time goes.",
  },
};

function wrongCode({ id, code }: TileMetadata, bytes: Uint8Array): Failure | null {
  const digest = codeDigest(bytes);
  if (equalBytes(digest, code)) return null;
  const message = `the code of tile "${id}" is ${toHex(digest)}, expected ${toHex(code)}`;
  return failure("E_ARTIFACT_CORRUPT", "load", message, { subject: id });
}
