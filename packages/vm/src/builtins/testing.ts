// Native builtins of language 16.10, and the constraint check of records.

import { displayNested, equalValues, truthy, type Value } from "@lumen/core/value";
import { membership } from "../containers/membership.ts";
import { runtimeTrap, type Trap } from "../trap.ts";
import { arg, type Native, type Natives, textArg } from "./native.ts";
import { resultContent, resultTag } from "./results.ts";

function failed(text: string): Trap {
  return runtimeTrap(text, "E_TRAP_ASSERT");
}

/** `: msg` where the call has a message. */
function suffix(name: string, args: readonly Value[], at: number): string {
  return args.length > at ? `: ${textArg(name, args, at)}` : "";
}

function comparison(name: string, wanted: boolean): Native {
  return (args) => {
    const [a, b] = [arg(args, 0), arg(args, 1)];
    if (equalValues(a, b) === wanted) return null;
    const told = wanted
      ? `expected ${displayNested(b)}, found ${displayNested(a)}`
      : `${displayNested(a)} == ${displayNested(b)}`;
    throw failed(`${name} failed: ${told}${suffix(name, args, 2)}`);
  };
}

function resultCheck(name: string, tag: 0 | 1): Native {
  return (args) => {
    const value = arg(args, 0);
    if (resultTag(value) !== tag) throw failed(`${name} failed: got ${displayNested(value)}`);
    const content = resultContent(value);
    const expected = arg(args, 1);
    if (args.length < 2 || equalValues(content, expected)) return null;
    const told = `expected ${displayNested(expected)}, found ${displayNested(content)}`;
    throw failed(`${name} failed: ${told}`);
  };
}

function check(name: string): Native {
  return (args) => {
    if (truthy(arg(args, 0))) return null;
    throw failed(textArg(name, args, 1));
  };
}

const assertContains: Native = (args) => {
  const [container, element] = [arg(args, 0), arg(args, 1)];
  if (membership(element, container) === true) return null;
  const text = `${displayNested(element)} not in ${displayNested(container)}`;
  throw failed(`assert_contains failed: ${text}`);
};

/** Natives by name. */
export const TESTING_NATIVES: Natives<
  | "assert"
  | "assert_eq"
  | "assert_ne"
  | "assert_contains"
  | "assert_ok"
  | "assert_err"
  | "record_check$"
> = {
  assert: check("assert"),
  assert_eq: comparison("assert_eq", true),
  assert_ne: comparison("assert_ne", false),
  assert_contains: assertContains,
  assert_ok: resultCheck("assert_ok", 0),
  assert_err: resultCheck("assert_err", 1),
  record_check$: check("record_check"),
};
