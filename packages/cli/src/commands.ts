// The commands of the binary, in the order in which the help lists them.

import type { Command } from "./command.ts";
import { analyzeCommand } from "./commands/analyze.ts";
import { buildCommand } from "./commands/build.ts";
import { bundleCommand } from "./commands/bundle.ts";
import { cacheCommand } from "./commands/cache.ts";
import { cfsCommand } from "./commands/cfs.ts";
import { checkCommand } from "./commands/check.ts";
import { disputeCommand } from "./commands/dispute.ts";
import { explainCommand } from "./commands/explain.ts";
import { fmtCommand } from "./commands/fmt.ts";
import { initCommand } from "./commands/init.ts";
import { listCommand } from "./commands/list.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { previewCommand } from "./commands/preview.ts";
import { replCommand } from "./commands/repl.ts";
import { replayCommand } from "./commands/replay.ts";
import { runCommand } from "./commands/run.ts";
import { runSequenceCommand } from "./commands/run-sequence.ts";
import { runTileCommand } from "./commands/run-tile.ts";
import { testCommand } from "./commands/test.ts";
import { traceCommand } from "./commands/trace.ts";
import { verifyCommand } from "./commands/verify.ts";

/** Every command. */
export const COMMANDS: readonly Command[] = [
  initCommand,
  checkCommand,
  fmtCommand,
  replCommand,
  explainCommand,
  runCommand,
  runTileCommand,
  runSequenceCommand,
  previewCommand,
  testCommand,
  buildCommand,
  listCommand,
  cfsCommand,
  traceCommand,
  replayCommand,
  analyzeCommand,
  verifyCommand,
  disputeCommand,
  migrateCommand,
  bundleCommand,
  cacheCommand,
];
