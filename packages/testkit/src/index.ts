// Public entry point of @lumen/testkit: named re-exports only. Imported by tests and by nothing
// else.
export { type Compiled, compileFixture, compileText } from "./compile-fixture.ts";
export {
  type DocumentProgram,
  documentPrograms,
  type ProgramFate,
  type StatedOutput,
  unreadStatements,
} from "./document-programs.ts";
export { type FakeTool, type FakeTools, fakeTools } from "./fake-tools.ts";
export { type FencedBlock, fencedBlocks } from "./fenced-blocks.ts";
export {
  type Expectation,
  FIXTURE_HEADINGS,
  type Fixture,
  type FixtureHeading,
  type FixtureSource,
  readFixture,
  withExpectations,
} from "./fixture.ts";
export { compileDocument, type DocumentProblem, judgeProgram } from "./judge-document.ts";
export { type FixtureProblem, judgeFixture, runFixture } from "./run-fixture.ts";
export { runTarget, type TargetRequest, type TargetRun } from "./run-target.ts";
export { traceLines } from "./trace-lines.ts";
