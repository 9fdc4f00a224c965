// Public entry point of @lumen/raster/verify: the part of Raster that has to be trusted.
export { CHECKS, type CheckName, type CheckRow } from "./checks.ts";
export type { ExecuteTile, ProgramFacts } from "./run-check.ts";
export type { Accepted, Rejected, Undecided, Verdict, VerifyLevel } from "./verdict.ts";
export { type VerifyOptions, verifyTrace } from "./verify-trace.ts";
