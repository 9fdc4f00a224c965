// The parts of a declaration under a walk. Names of declarations are no binders: they are module
// level.

import type {
  ActorDecl,
  AgentDecl,
  CellDecl,
  CellSignature,
  EnumDecl,
  HookStep,
  Item,
  ProcessDecl,
  RecordDecl,
  SessionStep,
  Transition,
} from "@lumen/syntax";
import type { TreeWalk } from "./rules.ts";

/** Copies a declaration with its parts walked. */
export function walkItem(walk: TreeWalk, item: Item): Item {
  const attributes = item.attributes.map(walk.attribute);
  switch (item.kind) {
    case "record":
      return walkRecord(walk, item);
    case "enum":
      return walkEnum(walk, item);
    case "cell":
      return walkCellParts(walk, item);
    case "alias": {
      const constraint = item.constraint === null ? null : walk.expr(item.constraint);
      return { ...item, attributes, type: walk.type(item.type), constraint };
    }
    case "const": {
      const type = item.type === null ? null : walk.type(item.type);
      return { ...item, attributes, type, value: walk.expr(item.value) };
    }
    case "extern":
      return { ...item, attributes, signature: walkSignature(walk, item.signature) };
    case "trait":
      return { ...item, attributes, members: item.members.map((m) => walkMember(walk, m)) };
    case "impl": {
      const trait =
        item.trait === null
          ? null
          : { name: item.trait.name, args: item.trait.args.map(walk.type) };
      return { ...item, attributes, trait, methods: item.methods.map((m) => walkCell(walk, m)) };
    }
    case "effect":
      return {
        ...item,
        attributes,
        operations: item.operations.map((o) => walkSignature(walk, o)),
      };
    case "handler":
      return {
        ...item,
        attributes,
        operations: item.operations.map((o) => ({
          ...o,
          params: o.params.map(walk.param),
          result: o.result === null ? null : walk.type(o.result),
          body: walk.body(o.body),
        })),
      };
    default:
      return walkOther(walk, item);
  }
}

type Other = Exclude<
  Item,
  {
    kind:
      | "record"
      | "enum"
      | "cell"
      | "alias"
      | "const"
      | "extern"
      | "trait"
      | "impl"
      | "effect"
      | "handler";
  }
>;

function walkOther(walk: TreeWalk, item: Other): Item {
  const attributes = item.attributes.map(walk.attribute);
  switch (item.kind) {
    case "macro":
      return { ...item, attributes, body: walk.block(item.body) };
    case "activePattern": {
      const params = item.params.map(walk.param);
      const result =
        item.result.kind === "type"
          ? { ...item.result, type: walk.type(item.result.type) }
          : item.result;
      return { ...item, attributes, params, result, body: walk.body(item.body) };
    }
    case "agent":
      return walkAgent(walk, item);
    case "process":
      return walkProcess(walk, item);
    case "actor":
      return walkActor(walk, item);
    case "session":
      return { ...item, attributes, steps: item.steps.map((s) => walkStep(walk, s)) };
    case "supervisor": {
      const configs = item.configs.map((x) => ({ ...x, value: walk.expr(x.value) }));
      const children = item.children.map((x) => ({ ...x, value: walk.expr(x.value) }));
      return { ...item, attributes, configs, children };
    }
    default:
      return { ...item, attributes };
  }
}

function walkRecord(walk: TreeWalk, item: RecordDecl): RecordDecl {
  const fields = item.fields.map((f) => ({
    ...f,
    attributes: f.attributes.map(walk.attribute),
    type: walk.type(f.type),
    default: f.default === null ? null : walk.expr(f.default),
    constraint: f.constraint === null ? null : walk.expr(f.constraint),
  }));
  return { ...item, attributes: item.attributes.map(walk.attribute), fields };
}

function walkEnum(walk: TreeWalk, item: EnumDecl): EnumDecl {
  const variants = item.variants.map((v) => ({
    ...v,
    payload: v.payload.map((p) => ({ label: p.label, type: walk.type(p.type) })),
    result: v.result === null ? null : walk.type(v.result),
  }));
  const methods = item.methods.map((m) => walkCell(walk, m));
  return { ...item, attributes: item.attributes.map(walk.attribute), variants, methods };
}

function walkCell(walk: TreeWalk, cell: CellDecl): CellDecl {
  const walked = walk.item(cell);
  return walked.kind === "cell" ? walked : cell;
}

/** The parts of a cell; methods come here through the rule for items. */
function walkCellParts(walk: TreeWalk, cell: CellDecl): CellDecl {
  const attributes = cell.attributes.map(walk.attribute);
  const params = cell.params.map(walk.param);
  const result = cell.result === null ? null : walk.type(cell.result);
  const precondition = cell.precondition === null ? null : walk.expr(cell.precondition);
  return { ...cell, attributes, params, result, precondition, body: walk.body(cell.body) };
}

function walkSignature(walk: TreeWalk, s: CellSignature): CellSignature {
  const attributes = s.attributes.map(walk.attribute);
  const params = s.params.map(walk.param);
  return { ...s, attributes, params, result: s.result === null ? null : walk.type(s.result) };
}

function walkMember(walk: TreeWalk, m: CellSignature | CellDecl): CellSignature | CellDecl {
  return m.kind === "cell" ? walkCell(walk, m) : walkSignature(walk, m);
}

function walkAgent(walk: TreeWalk, item: AgentDecl): AgentDecl {
  const attributes = item.attributes.map(walk.attribute);
  return { ...item, attributes, cells: item.cells.map((x) => walkCell(walk, x)) };
}

function walkProcess(walk: TreeWalk, item: ProcessDecl): ProcessDecl {
  const states = item.states.map((s) => ({
    ...s,
    params: s.params.map(walk.param),
    guard: s.guard === null ? null : walk.expr(s.guard),
    transitions: s.transitions.map((t) => walkTransition(walk, t)),
    hooks: s.hooks.map((h) => ({
      ...h,
      params: h.params.map(walk.param),
      body: h.body.flatMap((step) => walkHookStep(walk, step)),
    })),
  }));
  const configs = item.configs.map((x) => ({ ...x, value: walk.expr(x.value) }));
  const cells = item.cells.map((x) => walkCell(walk, x));
  return { ...item, attributes: item.attributes.map(walk.attribute), states, configs, cells };
}

function walkTransition(walk: TreeWalk, t: Transition): Transition {
  const args = t.args === null ? null : t.args.map(walk.expr);
  return { ...t, args, condition: t.condition === null ? null : walk.expr(t.condition) };
}

function walkHookStep(walk: TreeWalk, step: HookStep): readonly HookStep[] {
  if (step.kind === "transition")
    return [{ kind: "transition", transition: walkTransition(walk, step.transition) }];
  return walk.statements([step.statement]).map((statement) => ({ kind: "statement", statement }));
}

function walkActor(walk: TreeWalk, item: ActorDecl): ActorDecl {
  const params = item.params.map(walk.param);
  const states = item.states.map((s) => ({
    ...s,
    type: s.type === null ? null : walk.type(s.type),
    value: walk.expr(s.value),
  }));
  const messages = item.messages.map((m) => ({
    ...m,
    params: m.params.map(walk.param),
    result: m.result === null ? null : walk.type(m.result),
    body: walk.body(m.body),
  }));
  const cells = item.cells.map((x) => walkCell(walk, x));
  const attributes = item.attributes.map(walk.attribute);
  return { ...item, attributes, params, states, messages, cells };
}

function walkStep(walk: TreeWalk, step: SessionStep): SessionStep {
  switch (step.kind) {
    case "message":
      return { ...step, type: walk.type(step.type) };
    case "choice":
      return {
        ...step,
        cases: step.cases.map((x) => ({
          label: x.label,
          steps: x.steps.map((s) => walkStep(walk, s)),
        })),
      };
    case "loop":
      return { ...step, steps: step.steps.map((s) => walkStep(walk, s)) };
    case "continue":
    case "state":
      return step;
  }
}
