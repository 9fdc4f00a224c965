// The host of a run on this machine: layers and providers over its console, clock, files, network.

import {
  bringForward,
  budgetLayer,
  type Checkpoints,
  type ConsoleStreams,
  clockProviders,
  consoleProviders,
  deterministicSources,
  evalProviders,
  fileProviders,
  type Host,
  httpProviders,
  type JournalRequest,
  type Layer,
  makeHost,
  type Network,
  NO_CHECKPOINTS,
  policyLayer,
  realSources,
  type SnapshotComparison,
  secretLayers,
  snapshotProviders,
  systemProviders,
  toolPolicyLayer,
  traceProviders,
  withoutSecrets,
} from "@lumen/runtime";
import type { RunnableProject } from "./compile-project.ts";
import { evaluateExpression } from "./eval.ts";
import { projectSecrets } from "./secret-guard.ts";
import type { RunTools } from "./tools.ts";

/** What differs between runs. */
export interface LocalRun {
  readonly console: ConsoleStreams;
  /** Logical clock and seeded random numbers. */
  readonly deterministic: boolean;
  /** Program arguments, for `args()`. */
  readonly args: readonly string[];
  readonly runId: string;
  /** Closed by whoever opened it. */
  readonly network: Network;
  /** What records, and what knows answers already; none where nothing is recorded. */
  readonly journal: readonly Layer[];
  readonly tools: Pick<RunTools, "outer" | "inner">;
  /** What answers `checkpoint`; nothing where snapshots go nowhere. */
  readonly checkpoints: Pick<Checkpoints, "providers"> | null;
  /** What the run asked before it is taken up here, and was answered. */
  readonly before?: readonly JournalRequest[];
  /** Null: there are no snapshots to compare with. */
  readonly snapshots: SnapshotComparison | null;
}

/** The host of one run of a project. */
export function makeLocalHost({ project, program }: RunnableProject, run: LocalRun): Host {
  const { before = [] } = run;
  const secrets = projectSecrets(project);
  const { questions, answers } = secretLayers(secrets);
  const layers: Layer[] = [
    questions,
    policyLayer(project.capabilities),
    toolPolicyLayer(),
    budgetLayer(program.policy.budgets, before),
    ...run.journal,
    run.tools.outer,
    answers,
    ...run.tools.inner,
  ];
  const workingDirectory = process.cwd();
  const environment = withoutSecrets(process.env, secrets);
  const providers = {
    ...consoleProviders(run.console),
    ...clockProviders(run.deterministic ? deterministicSources(0n) : realSources()),
    ...fileProviders(workingDirectory),
    ...systemProviders({ workingDirectory, environment, args: run.args }),
    ...httpProviders(),
    ...run.network.providers,
    ...traceProviders(run.runId),
    ...(run.checkpoints?.providers ?? NO_CHECKPOINTS),
    ...snapshotProviders(run.snapshots),
    ...evalProviders(evaluateExpression),
  };
  bringForward(providers, before, run);
  return makeHost(layers, providers, program.policy.tools);
}
