// What the word at the end of a line may become, from the names that are known.

import { BUILTINS } from "@lumen/core/builtins";
import type { ReplSession } from "./session.ts";

/** The word at the end of a line and the words that begin like it, ascending. */
export interface Completion {
  readonly word: string;
  readonly words: readonly string[];
}

/**
 * Names that can stand at the end of the line: variables, what is declared, builtins; behind a dot
 * the members of the variable's or declared type, or of the imported module.
 */
export function complete(session: ReplSession, line: string): Completion {
  const [word = ""] = /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]*)*$|$/u.exec(line) ?? [];
  const dot = word.lastIndexOf(".");
  const names = dot < 0 ? allNames(session) : membersOf(session, word.slice(0, dot));
  const words = [...new Set(names)]
    .map((name) => (dot < 0 ? name : `${word.slice(0, dot)}.${name}`))
    .filter((name) => name.startsWith(word) && word !== "" && !name.includes("$"));
  return { word, words: words.sort((a, b) => (a < b ? -1 : 1)) };
}

function allNames(session: ReplSession): readonly string[] {
  const { outline, variables } = session;
  const builtins = Object.entries(BUILTINS).flatMap(([name, { aliases }]) => [name, ...aliases]);
  return [
    ...variables.map((v) => v.name),
    ...(outline?.callable ?? []).filter((name) => !name.startsWith("repl_")),
    ...(outline?.constants ?? []),
    ...(outline?.types ?? []).map((t) => t.name),
    ...(outline?.modules ?? []).map((m) => m.name),
    ...builtins,
  ];
}

/** Members of `x.`, `Type.` or `module.`; of a variable by the name of its type. */
function membersOf(session: ReplSession, owner: string): readonly string[] {
  const { outline, variables } = session;
  const type = variables.find((v) => v.name === owner)?.type.replace(/[[?].*$/, "");
  const tables = [...(outline?.types ?? []), ...(outline?.modules ?? [])];
  return tables.find((t) => t.name === (type ?? owner))?.members ?? [];
}
