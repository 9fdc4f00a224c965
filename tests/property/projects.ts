// Projects in memory, and random edits of them.

import type { ModuleHost, ModuleSource } from "@lumen/compiler";
import type { Random } from "../fuzz/random.ts";

/** The modules of a project by name; `main` is the root. */
export type Texts = ReadonlyMap<string, string>;

/** The root of a project and a host that finds the others. */
export function programOf(texts: Texts): {
  readonly root: ModuleSource;
  readonly host: ModuleHost;
} {
  const source = (name: string): ModuleSource | null => {
    const text = texts.get(name);
    return text === undefined ? null : { name, path: `${name.replaceAll(".", "/")}.lm`, text };
  };
  return {
    root: source("main") ?? { name: "main", path: "main.lm", text: "" },
    host: { resolve: source },
  };
}

/** One edit of one line; most programs are wrong after some, which is the point. */
export function edited(texts: Texts, random: Random): Texts {
  const names = [...texts.keys()];
  const name = names[random.below(names.length)] ?? "main";
  const lines = (texts.get(name) ?? "").split("\n");
  const at = random.below(lines.length);
  const line = lines[at] ?? "";
  const other = lines[random.below(lines.length)] ?? "";
  const ways: readonly (() => readonly string[])[] = [
    () => [line.replace(/\d+/, (n) => String(Number(n) + 1000))],
    () => [line.replace(/\b(x|n|p|p0|sum|best|measured)\b/, "unknown")],
    () => [line, "  let more = 1 + 2"],
    () => [line, '  let wrong: Int = "text"'],
    () => [line, '  print("effect")'],
    () => [line, "# a comment"],
    () => [line.replace("Int", "String")],
    () => [],
    () => [line, other],
    () => [line.replace(/-> Int$/, "")],
  ];
  const [way = () => [line]] = [ways[random.below(ways.length)]];
  lines.splice(at, 1, ...way());
  return new Map(texts).set(name, lines.join("\n"));
}
