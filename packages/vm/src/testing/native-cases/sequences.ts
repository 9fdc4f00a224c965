// Cases of the natives of language 16.4 and 16.5: normal, edge and error.

import { f, l, m, s, t } from "../build-program.ts";
import { kind, MAX, type NativeCases } from "./case.ts";

/** By builtin. */
export const SEQUENCES_CASES: NativeCases = {
  append: [
    [[l(1), 2], "[1, 2]"],
    [[5, 2], "[2]"],
  ],
  push: [[[l(1), 2], "[1, 2]"]],
  pop: [
    [[l(1, 2)], "(2, [1])"],
    [[l()], "(null, [])"],
  ],
  insert: [
    [[l(1), 1, 2], "[1, 2]"],
    [[l(1), 2, 2], "E_TRAP_INDEX runtime error: index 2 out of bounds for list of length 1"],
  ],
  remove_at: [
    [[l(1, 2), 0], "[2]"],
    [[l(), 0], "E_TRAP_INDEX runtime error: index 0 out of bounds for list of length 0"],
  ],
  first: [
    [[s(2, 1)], "1"],
    [[l()], "null"],
  ],
  last: [
    [[t(1, 2)], "2"],
    [[5], kind("last", "List", "Int")],
  ],
  is_empty: [
    [[null], "true"],
    [[""], "true"],
    [[0], "false"],
    [[m()], "true"],
  ],
  take: [
    [[l(1, 2), 9], "[1, 2]"],
    [[l(1, 2), -1], "[]"],
  ],
  drop: [[[l(1, 2), 1], "[2]"]],
  range: [
    [[3], "[0, 1, 2]"],
    [[5, 1, -2], "[5, 3]"],
    [[1, 2, 0], "E_TRAP_OTHER runtime error: range step must not be zero"],
    [[MAX], "E_TRAP_MEMORY memory limit exceeded"],
  ],
  sort: [[[l("b", 2, null, f(1))], '[null, 1.0, 2, "b"]']],
  sort_desc: [[[l(1, 3, 2)], "[3, 2, 1]"]],
  binary_search: [
    [[l(1, 3), 3], "ok(1)"],
    [[l(1, 3), 2], "err(1)"],
  ],
  flatten: [[[l(l(1), 2, l(l(3)))], "[1, 2, [3]]"]],
  unique: [[[l(1, f(1), 2, 1)], "[1, 2]"]],
  zip: [[[l(1, 2), l("a")], '[(1, "a")]']],
  enumerate: [[[l("a")], '[(0, "a")]']],
  chunk: [
    [[l(1, 2, 3), 2], "[[1, 2], [3]]"],
    [[l(1, 2), 0], "[[1], [2]]"],
  ],
  window: [
    [[l(1, 2, 3), 2], "[[1, 2], [2, 3]]"],
    [[l(1), 2], "[]"],
    [[l(1), 0], "[]"],
  ],
  to_list: [
    [[m(["a", 1])], '[["a", 1]]'],
    [["ab"], '["a", "b"]'],
    [[5], kind("to_list", "List, Tuple, Set, Map or String", "Int")],
  ],
  keys: [
    [[m(["b", 1], ["a", 2])], '["a", "b"]'],
    [[5], "[]"],
  ],
  values: [[[m(["b", 1], ["a", 2])], "[2, 1]"]],
  entries: [[[m(["a", 2])], '[("a", 2)]']],
  map_sorted_keys: [[[m([2, 1], [1, 2])], "[1, 2]"]],
  has_key: [
    [[m(["a", 1]), "a"], "true"],
    [[5, 1], kind("has_key", "Map or Record", "Int")],
  ],
  get: [
    [[m(["a", 1]), "a"], "1"],
    [[m(), "a", 7], "7"],
    [[m(), "a"], "null"],
  ],
  merge: [[[m(["a", 1]), m(["a", 2])], '{"a": 2}']],
  remove: [
    [[m(["a", 1]), "a"], "{}"],
    [[s(1), 2], "set[1]"],
    [[l(), 2], kind("remove", "Map or Set", "List")],
  ],
  to_set: [[[l(2, 1, 2)], "set[1, 2]"]],
  add: [
    [[s(1), 2], "set[1, 2]"],
    [[null, 2], "set[2]"],
  ],
  union: [[[s(1), s(2)], "set[1, 2]"]],
  intersect: [[[s(1, 2), s(2, 3)], "set[2]"]],
  difference: [[[s(1, 2), s(2, 3)], "set[1]"]],
  is_subset: [
    [[s(1), s(1, 2)], "true"],
    [[s(1), l(1)], kind("is_subset", "Set", "List")],
  ],
};
