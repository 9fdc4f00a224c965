// The cells of agents, processes and actors (language 12, 13.5): those that are written, with an
// implicit `self`, and those that the kind brings, unless a written one has the name.

import type { ActorDecl, AgentDecl, CellDecl, ProcessDecl, SupervisorDecl } from "@lumen/syntax";
import type { Type } from "../hir/type.ts";
import type { Member } from "../resolve/members.ts";
import type { ModuleScope } from "../resolve/scope.ts";
import { actorCells } from "./actors.ts";
import { evalCells } from "./evals.ts";
import { guardrailCells } from "./guardrails.ts";
import { checkMachineShape } from "./machine-graph.ts";
import { machineCells } from "./machines.ts";
import { patternCells } from "./patterns.ts";
import { orchestrationCells, pipelineCells } from "./pipelines.ts";
import { supervisorCells } from "./supervisors.ts";
import { withSelf } from "./with-self.ts";

/** Every cell of an agent or process. */
export function processMembers(
  scope: ModuleScope,
  item: AgentDecl | ProcessDecl,
): readonly Member[] {
  const symbol = scope.types.get(item.name.text);
  if (symbol?.kind !== "process" || symbol.symbol.decl !== item) return [];
  const self: Type = { kind: "process", decl: symbol.symbol };
  const written = item.cells.map(withSelf);
  const names = new Set(written.map((decl) => decl.name.text));
  const made = item.kind === "process" ? madeCells(scope, item) : [];
  const cells = [...written, ...made.filter((decl) => !names.has(decl.name.text)).map(withSelf)];
  return cells.map((decl) => ({
    name: `${item.name.text}.${decl.name.text}`,
    decl,
    generics: [],
    self,
  }));
}

/** Every cell of an actor or supervisor. */
export function actorMembers(
  scope: ModuleScope,
  item: ActorDecl | SupervisorDecl,
): readonly Member[] {
  const symbol = scope.types.get(item.name.text);
  if (symbol?.kind !== "process" || symbol.symbol.decl !== item) return [];
  const self: Type = { kind: "process", decl: symbol.symbol };
  const cells = item.kind === "actor" ? actorCells(scope, item) : supervisorCells(scope, item);
  return cells.map(({ decl, isMethod }) => ({
    name: `${item.name.text}.${decl.name.text}`,
    decl: isMethod ? withSelf(decl) : decl,
    generics: [],
    self,
  }));
}

function madeCells(scope: ModuleScope, item: ProcessDecl): readonly CellDecl[] {
  switch (item.process) {
    case "machine":
      if (checkMachineShape(scope, item)) return machineCells(item);
      scope.broken.add(item);
      return machineCells({ ...item, states: [] });
    case "pipeline":
      return pipelineCells(scope, item);
    case "orchestration":
      return orchestrationCells(scope, item);
    case "guardrail":
      return guardrailCells(item);
    case "eval":
      return evalCells(scope, item);
    case "pattern":
      return patternCells(scope, item);
    case "memory":
      return [];
  }
}
