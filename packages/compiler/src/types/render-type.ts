// Types in the spelling of source, for messages and names.

import type { Type } from "../hir/type.ts";
import { bindParams, substitute } from "./relations.ts";
import { FRESH } from "./simple-types.ts";

const NAMES: Readonly<Record<string, string>> = {
  any: "Any",
  null: "Null",
  bool: "Bool",
  int: "Int",
  float: "Float",
  string: "String",
  bytes: "Bytes",
  json: "Json",
  never: "Never",
  error: "?",
};

/** `map[String, list[Int]]?` */
export function renderType(type: Type): string {
  switch (type.kind) {
    case "list":
    case "set":
      return `${type.kind}[${renderType(type.item)}]`;
    case "map":
      return `map[${renderType(type.key)}, ${renderType(type.value)}]`;
    case "tuple":
      return `(${type.items.map(renderType).join(", ")}${type.items.length === 1 ? "," : ""})`;
    case "option":
      return type.item.kind === "union" || type.item.kind === "fn"
        ? `(${renderType(type.item)})?`
        : `${renderType(type.item)}?`;
    case "result":
      return `result[${renderType(type.ok)}, ${renderType(type.error)}]`;
    case "record":
    case "enum":
      return type.args.length === 0
        ? type.decl.name
        : `${type.decl.name}[${type.args.map(renderType).join(", ")}]`;
    case "fn": {
      const row = type.row === null ? "" : ` / {${type.row.join(", ")}}`;
      return `fn(${type.params.map(renderType).join(", ")}) -> ${renderType(type.result)}${row}`;
    }
    case "union":
      return type.members.map(renderType).join(" | ");
    case "param":
      return type.name.split(FRESH)[0] ?? type.name;
    case "opaque":
      return type.args.length === 0
        ? type.name
        : `${type.name}[${type.args.map(renderType).join(", ")}]`;
    case "shape":
      return `{${type.fields.map((f) => `${f.name}: ${renderType(f.type)}`).join(", ")}}`;
    case "process":
      return type.decl.name;
    case "endpoint":
      return renderEndpoint(type);
    default:
      return NAMES[type.kind] ?? type.kind;
  }
}

type Endpoint = Type & { readonly kind: "endpoint" };

/** `Login.Client` at its start, `Login.Client at 'send Token'` later. */
function renderEndpoint(type: Endpoint): string {
  const { session, role, state, args } = type;
  const generics = args.length === 0 ? "" : `[${args.map(renderType).join(", ")}]`;
  const name = `${session.name}.${session.roles[role]}${generics}`;
  return state === session.start ? name : `${name} at '${describeState(type)}'`;
}

/** What an endpoint does next: `send Int`, `offer Ok, Denied`, `close`. */
export function describeState({ session, role, state, args }: Endpoint): string {
  const at = session.states[state];
  if (at === undefined || at.kind === "end") return "close";
  if (at.kind === "message") {
    const type = renderType(substitute(at.type, bindParams(session.generics, args)));
    return `${at.from === role ? "send" : "recv"} ${type}`;
  }
  const labels = at.cases.map((x) => x.label).join(", ");
  return `${at.role === role ? "choose" : "offer"} ${labels}`;
}
