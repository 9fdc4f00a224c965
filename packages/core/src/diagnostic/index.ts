// Entry point `@lumen/core/diagnostic`.
export {
  DIAGNOSTICS,
  type DiagnosticCode,
  FAILURES,
  type FailureCode,
  TRAPS,
  type TrapCode,
} from "./codes.ts";
export {
  type Diagnostic,
  type Edit,
  type Fix,
  hasErrors,
  type Label,
  type PhaseResult,
  type Severity,
} from "./diagnostic.ts";
export {
  type Failure,
  failure,
  type Phase,
  type PlainJson,
  unsupportedVersion,
} from "./failure.ts";
export type { Fault, FaultFrame } from "./fault.ts";
export {
  lineText,
  makeSourceText,
  type Position,
  positionOf,
  type SourceText,
  type Span,
} from "./span.ts";
