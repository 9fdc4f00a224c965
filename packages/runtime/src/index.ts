// Public entry point of @lumen/runtime: named re-exports only.
export { budgetLayer } from "./budget.ts";
export {
  type DoorAnswer,
  type DoorRequest,
  type Drift,
  type Layer,
  makeDoor,
  type Next,
  operationName,
  recordedName,
  TOOL_EFFECT,
  toolOperation,
} from "./door.ts";
export { type Host, makeHost } from "./host.ts";
export {
  HostStop,
  type Journal,
  type JournalAnswer,
  type JournalRequest,
  type JournalSink,
  type JournalStart,
  type RecordedRequest,
  type Replay,
  recordingLayer,
  replayJournal,
} from "./journal.ts";
export { makeFolder } from "./make-folder.ts";
export { OPERATIONS, type Operation } from "./operations.ts";
export { policyLayer } from "./policy.ts";
export {
  type CheckpointStore,
  type Checkpoints,
  makeCheckpoints,
  NO_CHECKPOINTS,
} from "./providers/checkpoints.ts";
export {
  clockProviders,
  deterministicSources,
  realSources,
  type Sources,
} from "./providers/clock.ts";
export { type ConsoleStreams, consoleProviders } from "./providers/console.ts";
export { type ExpressionEvaluator, evalProviders } from "./providers/eval.ts";
export { fileProviders } from "./providers/files.ts";
export { httpProviders } from "./providers/http.ts";
export { makeNetwork, type Network } from "./providers/network.ts";
export { answer, type Provider, type ProviderTable } from "./providers/provider.ts";
export { type SnapshotComparison, snapshotProviders } from "./providers/snapshots.ts";
export { type SystemView, systemProviders } from "./providers/system.ts";
export { traceProviders } from "./providers/trace.ts";
export { bringForward, type Resumption, resumeJournal } from "./resume.ts";
export {
  type CellOutcome,
  type CellRunOptions,
  runCell,
  type TaskMove,
  type TileAnswer,
  type TileRequest,
  type WaitingMachine,
} from "./run-cell.ts";
export { SECRET_LENGTH_MIN } from "./secret-search.ts";
export {
  makeScrub,
  type Scrub,
  type Secret,
  type SecretLayers,
  secretLayers,
  secretsOf,
  textScrubber,
  withoutSecrets,
} from "./secrets.ts";
export { CHAT_TOOL, type ChatConfig, chatProvider } from "./tools/chat/chat-provider.ts";
export { driftLayer, type ResultRules } from "./tools/drift.ts";
export { type CommandLine, parseCommandLine } from "./tools/mcp/command-line.ts";
export { type McpConfig, mcpProvider } from "./tools/mcp/mcp-provider.ts";
export {
  makeRegistry,
  NO_TOOLS,
  type ProviderKinds,
  type ProviderSettings,
  type ServerSettings,
  type ToolRegistry,
  type ToolSettings,
} from "./tools/registry.ts";
export {
  BACKOFF_MS_MAX,
  type FindProvider,
  RETRY_AFTER_MS_MAX,
  RETRY_DEFAULT,
  type RetryClock,
  toolCallLayer,
} from "./tools/tool-calls.ts";
export { realPath, toolPathLayer } from "./tools/tool-paths.ts";
export { toolPolicyLayer } from "./tools/tool-policy.ts";
export {
  TOOL_ERRORS,
  type ToolAnswer,
  type ToolCall,
  type ToolErrorKind,
  type ToolProvider,
} from "./tools/tool-provider.ts";
