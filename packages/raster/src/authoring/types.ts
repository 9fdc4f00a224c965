// The types that authors declare, under the names that they write behind `t.`.

export { array, list, list as seq, map, option, result, set, tuple } from "./containers.ts";
export { enumeration as enum, json, recursive, struct } from "./named.ts";
export {
  bool,
  bytes,
  char,
  f32,
  f64,
  i8,
  i16,
  i32,
  i64,
  string,
  u8,
  u16,
  u32,
  u64,
  unit,
} from "./scalars.ts";
