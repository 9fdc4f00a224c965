// Entry point `@lumen/core/program`.
export { type Artifact, type ArtifactFiles, artifactCorrupt, checkArtifact } from "./artifact.ts";
export {
  type Bundle,
  type BundleContent,
  type FileTable,
  type ReadBundleOptions,
  type RecomputeCode,
  readBundle,
  UNBOUND_PROGRAM_ID,
  writeBundle,
} from "./bundle.ts";
export type { BundleFile, BundleIndex, BundleTile, IdentifiedIndex } from "./bundle-index.ts";
export {
  BUILT_IN_MIGRATIONS,
  findPath,
  type Migrated,
  type MigrationRequest,
  type MigrationStep,
  migrate,
  NO_VERSION,
} from "./migrate.ts";
export {
  type Budget,
  NO_POLICY,
  type ProgramPolicy,
  readPolicy,
  writePolicy,
} from "./policy.ts";
export type {
  CellEntry,
  FieldDefault,
  Program,
  ProgramCell,
  ProgramParam,
  RecordCheck,
  SequenceEntry,
  TileEntry,
  TileGuest,
} from "./program.ts";
export { programCfs, type SchemaParts } from "./program-cfs.ts";
export {
  type ControlFlow,
  type ProjectManifest,
  readProjectManifest,
  type SequenceSummary,
  type TileSummary,
  writeProjectManifest,
} from "./project-manifest.ts";
export {
  type ArtifactInputs,
  type SourceFile,
  sourceHash,
  sourceHashPayload,
} from "./source-hash.ts";
export { tileCode } from "./tile-code.ts";
export {
  type CompilerName,
  type ProgramTileManifest,
  readProgramTile,
  readTileManifest,
  type TileAbi,
  type TileKind,
  type TileManifest,
  tileTypeHash,
  writeProgramTile,
  writeTileManifest,
} from "./tile-manifest.ts";
export type { ToolEntry, ToolGrant, ToolRetry, ToolValue } from "./tool-entry.ts";
export { type ArchiveFile, pathFault, readUstar, writeUstar } from "./ustar.ts";
export {
  checkProjectVersion,
  checkVersion,
  FORMATS,
  type FormatName,
  type FormatRow,
} from "./versions.ts";
