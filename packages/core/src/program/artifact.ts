// Integrity of one tile artifact: manifest, method id file and guest agree with each other and with
// what was asked for (spec/formats.md 1.2, 8.1-8.3).

import { methodId } from "../commit/commitment.ts";
import { type Failure, failure } from "../diagnostic/failure.ts";
import { equalBytes, toHex, utf8Decode } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import { readTileManifest, type TileManifest } from "./tile-manifest.ts";

/** Backends whose method ids are image ids of their own, which cannot be recomputed here (8.3). */
const OPAQUE_METHOD_IDS: readonly string[] = ["risc0"];

/** The files of an artifact directory, `tiles/<tile_id>/<backend>/`, by file name. */
export interface ArtifactFiles {
  readonly tileId: string;
  readonly backend: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Directory, for failures. */
  readonly subject: string;
}

/** An artifact that has passed every check. `guest` is null for a backend that makes none. */
export interface Artifact {
  readonly manifest: TileManifest;
  readonly guest: { readonly file: string; readonly bytes: Uint8Array } | null;
}

/**
 * Checks an artifact for execution or verification. `E_ARTIFACT_MISSING` without a manifest, which
 * is written last; `E_UNSUPPORTED_VERSION`; anything else that is wrong is `E_ARTIFACT_CORRUPT`.
 */
export function checkArtifact(artifact: ArtifactFiles): Result<Artifact, Failure> {
  const manifest = manifestOf(artifact);
  if (!manifest.ok) return manifest;
  const guest = guestOf(artifact, manifest.value);
  if (!guest.ok) return guest;
  const fault =
    identityFault(artifact, manifest.value) ??
    methodFault(artifact, manifest.value, guest.value?.bytes ?? null);
  if (fault !== null) return corrupt(artifact, fault);
  return ok({ manifest: manifest.value, guest: guest.value });
}

/** A failure to read a file of an artifact, as `verify` reports it (8.2). */
export function artifactCorrupt(cause: Failure, subject: string): Failure {
  const { code } = cause;
  if (code === "E_UNSUPPORTED_VERSION" || code === "E_ARTIFACT_CORRUPT") return cause;
  return failure("E_ARTIFACT_CORRUPT", "load", cause.message, { subject, cause });
}

function manifestOf(artifact: ArtifactFiles): Result<TileManifest, Failure> {
  const { subject } = artifact;
  const file = `${subject}/manifest.json`;
  const bytes = artifact.files.get("manifest.json");
  if (bytes === undefined) {
    return err(failure("E_ARTIFACT_MISSING", "load", "there is no manifest.json", { subject }));
  }
  const text = utf8Decode(bytes);
  if (text === null) return corrupt(artifact, "manifest.json is not valid UTF-8");
  const manifest = readTileManifest(text, file);
  return manifest.ok ? manifest : err(artifactCorrupt(manifest.error, file));
}

function guestOf(
  artifact: ArtifactFiles,
  manifest: TileManifest,
): Result<Artifact["guest"], Failure> {
  const names = [...artifact.files.keys()].filter((name) => name.startsWith("guest."));
  const [only] = names;
  if (manifest.guestFile === null && names.length > 1) {
    return corrupt(artifact, `there is more than one guest: ${names.sort().join(", ")}`);
  }
  const file = manifest.guestFile ?? only;
  if (file === undefined) return ok(null);
  const bytes = artifact.files.get(file);
  if (bytes === undefined) return corrupt(artifact, `the guest file ${file} is missing`);
  return ok({ file, bytes });
}

function identityFault(artifact: ArtifactFiles, manifest: TileManifest): string | null {
  if (manifest.tileId !== artifact.tileId) return `the manifest is that of ${manifest.tileId}`;
  if (manifest.backend !== artifact.backend) {
    return `the manifest is that of backend ${manifest.backend}`;
  }
  return null;
}

function methodFault(
  artifact: ArtifactFiles,
  manifest: TileManifest,
  guest: Uint8Array | null,
): string | null {
  const size = guest?.length ?? 0;
  if (manifest.elfSize !== size) {
    return `the guest has ${size} bytes, the manifest says ${manifest.elfSize}`;
  }
  const stated = artifact.files.get("method_id");
  const text = stated === undefined ? null : utf8Decode(stated);
  if (text === null) return "the file method_id is missing or not text";
  if (text.replace(ASCII_SPACE, "") !== toHex(manifest.methodId)) {
    return "the file method_id and the manifest disagree";
  }
  if (guest === null || OPAQUE_METHOD_IDS.includes(artifact.backend)) return null;
  const computed = methodId(artifact.backend, guest);
  return equalBytes(computed, manifest.methodId) ? null : "the method id is not that of the guest";
}

const ASCII_SPACE = /^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g;

function corrupt<T>(artifact: ArtifactFiles, what: string): Result<T, Failure> {
  const { subject } = artifact;
  return err(failure("E_ARTIFACT_CORRUPT", "load", what, { subject }));
}
