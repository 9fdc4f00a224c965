// Supervisors (language 13.5) as cells: the constructor starts the children and the task that
// watches them; each child has a cell that starts it.

import type { Expr, SupervisedChild, SupervisorDecl } from "@lumen/syntax";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { CONSTRUCTOR, type MadeCell } from "./actors.ts";
import {
  bind,
  call,
  cell,
  lambda,
  list,
  methodOf,
  nameAt,
  prelude,
  read,
  record,
  run,
  text,
  typeNamed,
} from "./tree.ts";

/** Names of the configuration of a supervisor, with their defaults (language 13.5). */
const DEFAULTS = { max_restarts: 3, within_ms: 5000, backoff_ms: 0 } as const;
const STRATEGIES: readonly string[] = ["one_for_one", "one_for_all", "rest_for_one"];

/** Every cell of a supervisor. */
export function supervisorCells(scope: ModuleScope, item: SupervisorDecl): readonly MadeCell[] {
  const { span } = item.name;
  const self = read("self", span);
  const declared = distinctChildren(item);
  const children = declared.map((child) =>
    record(
      {
        name: text(child.name.text, child.span),
        restart: text(child.restart, child.span),
        start: lambda([], call(methodOf(childCell(child.name.text), span), [], span), child.span),
      },
      child.span,
    ),
  );
  const settings = Object.entries(DEFAULTS).map(([name, value]) => numberConfig(item, name, value));
  const start = prelude(
    "supervisor_start",
    [self, list(children, span), text(strategyOf(scope, item), span), ...settings],
    span,
  );
  const maker = cell(nameAt(CONSTRUCTOR, span), [], typeNamed(item.name.text, span), [
    bind(
      nameAt("self", span),
      typeNamed(item.name.text, span),
      prelude("actor_new", [text(item.name.text, span)], span),
    ),
    run(start),
    run(self),
  ]);
  const stop = cell(nameAt("stop", span), [], typeNamed("Null", span), [
    run(prelude("supervisor_stop", [self], span)),
  ]);
  return [
    { decl: maker, isMethod: false },
    ...declared.map((child) => ({
      decl: cell(nameAt(childCell(child.name.text), child.name.span), [], null, [run(child.value)]),
      isMethod: true,
    })),
    { decl: stop, isMethod: true },
  ];
}

/** A child declared twice is reported where the types of children are known. */
function distinctChildren(item: SupervisorDecl): readonly SupervisedChild[] {
  const names = item.children.map((child) => child.name.text);
  return item.children.filter((child, i) => names.indexOf(child.name.text) === i);
}

/** The cell that starts a child; the type of the child's field is its result. */
export function childCell(name: string): string {
  return `${name}$start`;
}

function numberConfig(item: SupervisorDecl, name: string, otherwise: number): Expr {
  const config = item.configs.findLast((c) => c.name.text === name);
  if (config !== undefined) return config.value;
  return { kind: "int", value: BigInt(otherwise), span: item.name.span };
}

function strategyOf(scope: ModuleScope, item: SupervisorDecl): string {
  const config = item.configs.findLast((c) => c.name.text === "strategy");
  if (config === undefined) return "one_for_one";
  const { value } = config;
  const name = value.kind === "name" ? value.name : value.kind === "string" ? value.value : "";
  if (STRATEGIES.includes(name)) return name;
  report(scope, "E0010", value.span, `unknown strategy '${name}'`, {
    expected: STRATEGIES.join(", "),
    found: name,
    help: `Write one of ${STRATEGIES.join(", ")}.`,
  });
  return "one_for_one";
}
