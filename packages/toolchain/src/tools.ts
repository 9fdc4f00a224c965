// The tools of a run on this machine: the providers that the manifest configures, and the layers
// between them and the journal.

import type { Failure } from "@lumen/core/diagnostic";
import type { Program, ToolEntry } from "@lumen/core/program";
import { ok, type Result } from "@lumen/core/result";
import {
  chatProvider,
  deterministicSources,
  driftLayer,
  type Layer,
  makeRegistry,
  mcpProvider,
  type ProviderKinds,
  type ResultRules,
  realSources,
  textScrubber,
  toolCallLayer,
  toolPathLayer,
} from "@lumen/runtime";
import { chatSettings } from "./chat-settings.ts";
import type { RunnableProject } from "./compile-project.ts";
import { VERSION } from "./producer.ts";
import { programRules } from "./program-rules.ts";
import { projectSecrets } from "./secret-guard.ts";

/** The kinds of providers of this version. */
export const LOCAL_KINDS: ProviderKinds = {
  byKind: {
    "openai-compatible": (settings) => {
      const read = chatSettings(settings);
      if (!read.ok) return read;
      return ok(
        chatProvider({ ...read.value, environment: process.env, nowMs: realSources().nowMs }),
      );
    },
  },
  server: (settings) => {
    const workingDirectory = process.cwd();
    const { env: environment } = process;
    return ok(mcpProvider({ ...settings, environment, workingDirectory, hostVersion: VERSION }));
  },
};

/** The tools of one run. */
export interface RunTools {
  /** In front of what scrubs answers, and behind it. */
  readonly outer: Layer;
  readonly inner: readonly Layer[];
  /** What a trace calls the provider of a tool; empty where there is none. */
  readonly providerOf: (tool: ToolEntry) => string;
  /** Gives up what is under way and ends the providers; called once. */
  readonly close: () => Promise<void>;
}

/** Makes the providers that a program needs. E_PROJECT, E_LIR_INVALID. */
export function openTools(
  { project, program }: RunnableProject,
  { kinds, deterministic }: { readonly kinds: ProviderKinds; readonly deterministic: boolean },
): Result<RunTools, Failure> {
  const registry = makeRegistry(program.policy.tools, project.tools, kinds);
  if (!registry.ok) return registry;
  const rules = resultRules(program);
  if (!rules.ok) return rules;
  const { find, close } = registry.value;
  const end = new AbortController();
  const scrub = textScrubber(projectSecrets(project));
  // A source of its own: retries must not shift the random numbers of the program.
  const clock = deterministic ? deterministicSources(0n) : realSources();
  return ok({
    outer: driftLayer(rules.value),
    inner: [toolPathLayer(process.cwd()), toolCallLayer(find, clock, end.signal, scrub)],
    providerOf: (tool) => find(tool)?.name ?? "",
    close: async () => {
      end.abort();
      await close();
    },
  });
}

const NO_RULES: ResultRules = { defaults: () => undefined, check: () => null };

/** Where no call has a type, nothing needs the program's own cells. */
function resultRules(program: Program): Result<ResultRules, Failure> {
  if (program.policy.tools.every((tool) => tool.result === null)) return ok(NO_RULES);
  const rules = programRules(program);
  if (!rules.ok) return rules;
  const { defaultOf, check } = rules.value;
  return ok({
    defaults: defaultOf,
    check: (type, value) => check([{ name: "answer", type }], [value]),
  });
}
