// Textual form of traits, effects, tools, processes and the unstable declarations: see dump-ast.ts.

import { assertNever } from "@lumen/core/result";
import type {
  Attribute,
  CellDecl,
  CellSignature,
  Config,
  GenericParam,
  Item,
  ItemHead,
  Section,
  ToolRef,
} from "./ast.ts";
import {
  type DumpStatement,
  dumpBlock,
  dumpBody,
  dumpExpr,
  dumpParams,
} from "./dump-expressions.ts";
import { dumpMachineState, dumpSteps } from "./dump-protocols.ts";
import { dumpDotted, dumpRow, dumpType, group } from "./dump-types.ts";

/** How the parts of declarations print; handed in to avoid an import cycle. */
export interface ItemDumper {
  readonly statement: DumpStatement;
  readonly head: (head: ItemHead) => readonly string[];
  readonly cell: (cell: CellDecl) => string;
  readonly signature: (signature: CellSignature) => string;
  readonly attribute: (attribute: Attribute) => string;
  readonly item: (item: Item) => string;
  readonly generics: (generics: readonly GenericParam[]) => string;
  readonly section: (section: Section) => string;
}

type Plain = "record" | "enum" | "cell" | "alias" | "const" | "import" | "error";
type Late = "agent" | "process" | "actor" | "supervisor" | "typestate" | "session" | "macro";
type Declaration = Exclude<Item, { readonly kind: Plain }>;

/** A declaration that is no record, enum, cell, alias, constant or import. */
export function dumpDeclaration(item: Declaration, dump: ItemDumper): string {
  const head = dump.head(item);
  switch (item.kind) {
    case "extern":
      return group("extern", head, dump.signature(item.signature));
    case "trait": {
      const parents = item.parents.map((parent) => parent.text);
      const members = item.members.map((member) => {
        return member.kind === "cell" ? dump.cell(member) : dump.signature(member);
      });
      const above = parents.length === 0 ? "" : group(":", parents);
      const generics = dump.generics(item.generics);
      return group("trait", head, item.name.text, generics, above, members);
    }
    case "impl": {
      const args = item.trait?.args.map(dumpType).join(" ") ?? "";
      const trait = item.trait === null ? "" : item.trait.name.text + (args && `[${args}]`);
      const target = dumpType(item.target);
      const what = trait === "" ? target : `${trait} for ${target}`;
      const methods = item.methods.map(dump.cell);
      return group("impl", head, dump.generics(item.generics), what, methods);
    }
    case "effect":
      return group("effect", head, item.name.text, item.operations.map(dump.signature));
    case "bind":
      return group("bind", head, dumpDotted(item.effect), dumpDotted(item.tool));
    case "handler": {
      const operations = item.operations.map(({ name, params, result, row, body }) => {
        const type = result === null ? "_" : dumpType(result);
        const inputs = dumpParams(params, dump.statement);
        const code = dumpBody(body, dump.statement);
        return group("handle", dumpDotted(name), inputs, type, dumpRow(row), code);
      });
      return group("handler", head, item.name.text, operations);
    }
    case "useTool": {
      const { alias, provider } = item;
      const name = alias === null ? "" : group("as", alias === "*" ? alias : alias.text);
      const from = provider === null ? "" : group("from", JSON.stringify(provider));
      return group("use-tool", head, dumpTool(item.tool), name, from);
    }
    case "grant": {
      const constraints = item.constraints.map(({ name, value }) =>
        group(name.text, dumpExpr(value, dump.statement)),
      );
      return group("grant", head, dumpDotted(item.tool), constraints);
    }
    case "activePattern": {
      const params = dumpParams(item.params, dump.statement);
      const { result } = item;
      const type = result.kind === "type" ? dumpType(result.type) : "";
      const names = result.kind === "choice" ? result.names.map((name) => name.text) : [];
      const partial = result.kind === "type" && result.isPartial ? "partial" : "";
      const gives = result.kind === "type" ? type : group("choice", names);
      const code = dumpBody(item.body, dump.statement);
      return group("active-pattern", head, item.name.text, params, gives, partial, code);
    }
    default:
      return dumpLate(item, dump);
  }
}

function dumpTool(tool: ToolRef): string {
  switch (tool.kind) {
    case "id":
      return dumpDotted(tool.id) + (tool.version === null ? "" : `@${tool.version}`);
    case "text":
      return JSON.stringify(tool.id);
    case "mcp":
      return group("mcp", JSON.stringify(tool.uri));
    default:
      return assertNever(tool);
  }
}

function dumpLate(item: Extract<Item, { readonly kind: Late }>, dump: ItemDumper): string {
  const head = [...dump.head(item), item.name.text];
  switch (item.kind) {
    case "agent":
      return group("agent", head, dumpMembers(item, dump));
    case "process": {
      const { base, stages, initial } = item;
      const parts = [
        base === null ? "" : group(":", base.text),
        stages.length === 0 ? "" : group("stages", stages.map(dumpDotted)),
        initial === null ? "" : group("initial", initial.text),
        item.states.map((state) => dumpMachineState(state, dump)),
        item.configs.map((config) => dumpConfig(config, dump)),
      ];
      return group(item.process, head, ...parts, dumpMembers(item, dump));
    }
    case "macro": {
      const params = group(item.params.map((param) => param.text));
      return group("macro", head, params, dumpBlock(item.body, dump.statement));
    }
    case "actor": {
      const states = item.states.map(({ name, type, value }) => {
        const declared = type === null ? "" : dumpType(type);
        return group("state", name.text, declared, dumpExpr(value, dump.statement));
      });
      const messages = item.messages.map(({ name, params, result, row, body }) => {
        const type = result === null ? "_" : dumpType(result);
        const inputs = dumpParams(params, dump.statement);
        return group("on", name.text, inputs, type, dumpRow(row), dumpBody(body, dump.statement));
      });
      const params = dumpParams(item.params, dump.statement);
      return group("actor", head, params, states, messages, item.cells.map(dump.cell));
    }
    case "supervisor": {
      const configs = item.configs.map((config) => dumpConfig(config, dump));
      const children = item.children.map(({ name, value, restart }) =>
        group("child", name.text, dumpExpr(value, dump.statement), restart),
      );
      return group("supervisor", head, configs, children);
    }
    case "typestate": {
      const states = group(
        "states",
        item.states.map((state) => state.text),
      );
      const initial = item.initial === null ? "" : group("initial", item.initial.text);
      const transitions = item.transitions.map(({ method, from, to }) =>
        group("transition", method.text, from.text, to.text),
      );
      return group("typestate", head, states, initial, transitions);
    }
    case "session":
      return group("session", head, dump.generics(item.generics), dumpSteps(item.steps));
    default:
      return assertNever(item);
  }
}

/** What agents and processes have in common. */
function dumpMembers(
  item: Extract<Item, { readonly kind: "agent" | "process" }>,
  dump: ItemDumper,
): readonly string[] {
  return [
    ...item.metadata.map(dump.attribute),
    ...item.tools.map(dump.item),
    ...item.grants.map(dump.item),
    ...item.cells.map(dump.cell),
    ...item.sections.map(dump.section),
  ];
}

function dumpConfig({ name, value }: Config, dump: ItemDumper): string {
  return group("config", name.text, dumpExpr(value, dump.statement));
}
