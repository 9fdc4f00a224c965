// Names of values, functions and types in other languages, for suggestions where such a name is
// unknown.

/** Name elsewhere → names here, of which the one that can stand in its place is meant. */
export const FOREIGN_NAMES: ReadonlyMap<string, readonly string[]> = new Map(
  (
    [
      ["None nil NULL nullptr undefined", "null Null"],
      ["True TRUE", "true"],
      ["False FALSE", "false"],
      ["this", "self"],
      ["println puts printf echo console", "print"],
      ["str Str text Text char Char", "String"],
      ["Integer integer i8 i16 i32 i64 u8 u16 u32 u64 usize long Long short byte", "Int"],
      ["double Double f32 f64 number Number Decimal", "Float"],
      ["boolean Boolean", "Bool"],
      ["List Array array Vec vector Vector Seq slice", "list"],
      ["Map Dict dict HashMap object Object", "map"],
      ["HashSet Set", "set"],
      ["Either Result", "result"],
      ["void Void unit Unit", "Null"],
      ["any dynamic unknown", "Any"],
    ] as const
  ).flatMap(([words, here]) =>
    words.split(" ").map((word): [string, readonly string[]] => [word, here.split(" ")]),
  ),
);
