// Public entry point of @lumen/compiler: named re-exports only.
export {
  type CheckedProgram,
  type CheckedUnit,
  type CheckOptions,
  checkProgram,
} from "./check/check-program.ts";
export { type Checker, type CheckResult, createChecker } from "./check/checker.ts";
export { isSchemaReader } from "./check/schemas.ts";
export {
  type CompileOptions,
  compileOutlined,
  compileProgram,
  diagnoseProgram,
  type OutlinedProgram,
  type ProgramSummary,
} from "./compile.ts";
export type { ComptimeEvaluator, ComptimeRequest } from "./comptime/evaluator.ts";
export type { MaturityOptions } from "./maturity/check-maturity.ts";
export { EDITIONS } from "./maturity/check-maturity.ts";
export {
  FEATURE_NAMES,
  FEATURES,
  type FeatureName,
  type FeatureRow,
  featureNamed,
  featureRow,
  type Maturity,
} from "./maturity/features.ts";
export type { ModuleHost, ModuleSource } from "./module-host.ts";
export type { CellOutline, LocalOutline, ModuleOutline, TypeOutline } from "./outline.ts";
export { type TestCell, type TestModule, testModule } from "./tests/test-cells.ts";
