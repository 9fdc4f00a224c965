// Names that an expansion makes: binders of a macro body, renamed apart, and names that mean what
// they mean in the module of the macro (language 19.3). Both carry a `$`, which no source name can.

import type { Span } from "@lumen/core/diagnostic";
import { type ModuleScope, plainName } from "../resolve/scope.ts";

/** What one expansion binds and refers to, in the order of the text. */
export interface Hygiene {
  /** Makes a binder of the body its own; later uses of the name follow. */
  readonly bind: (name: string) => string;
  /** The name that a use stands for: a binder of the body, else the one of the macro's module. */
  readonly use: (name: string) => string;
  readonly isBound: (name: string) => boolean;
  /** Runs `body`; names bound in it end with it, but for those that `keep` names. */
  readonly within: <T>(body: () => T) => T;
  /** Says that a name bound by `let` stays visible after its block (language 6). */
  readonly keep: (name: string) => void;
}

/** Names for expansion number `serial` of a macro of `home` in the module `here`. */
export function makeHygiene(here: ModuleScope, home: ModuleScope, serial: number): Hygiene {
  let bound: ReadonlyMap<string, string> = new Map();
  let kept: string[] = [];
  return {
    bind: (name) => {
      const own = `${plainName(name)}$${serial}`;
      bound = new Map([...bound, [name, own]]);
      return own;
    },
    use: (name) => bound.get(name) ?? aliasOf(here, home, name),
    isBound: (name) => bound.has(name),
    within: (body) => {
      const before = bound;
      const keptBefore = kept;
      kept = [];
      const result = body();
      const lasting = kept.flatMap((name): [string, string][] => {
        const own = bound.get(name);
        return own === undefined ? [] : [[name, own]];
      });
      bound = new Map([...before, ...lasting]);
      kept = [...keptBefore, ...kept];
      return result;
    },
    keep: (name) => {
      kept.push(name);
    },
  };
}

/** A name that only the macro's module explains; the resolver enters it like an import. */
function aliasOf(here: ModuleScope, home: ModuleScope, name: string): string {
  if (name.includes("$")) return name;
  const alias = `${name}$${home.source.name}`;
  here.aliases.set(alias, { scope: home, name });
  return alias;
}

/** A span of the call for a node of the macro's body; where it came from is kept beside it. */
export function placeOf(here: ModuleScope, call: Span, origin: Origin): Span {
  const span: Span = { start: call.start, end: call.end };
  here.origins.set(span, origin);
  return span;
}

/** Where a node of an expansion stands in the macro. */
export type Origin = ModuleScope["origins"] extends Map<Span, infer O> ? O : never;
