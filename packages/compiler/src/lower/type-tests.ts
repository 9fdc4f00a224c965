// What `is T` and a pattern `name: T` ask of a value (language 4).

import { builtinRow } from "@lumen/core/builtins";
import type { Span } from "@lumen/core/diagnostic";
import type { TypeTest } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { ANY, INT, STRING } from "../types/simple-types.ts";
import {
  type CellBuilder,
  emit,
  newLabel,
  newRegister,
  place,
  type Register,
} from "./cell-builder.ts";
import { asType } from "./convert.ts";
import { intRegister, textRegister } from "./recursion.ts";

/** Whether the value passes the test, as a Bool in `dest`. */
export function lowerTypeTest(
  b: CellBuilder,
  test: TypeTest,
  value: Register,
  dest: Register,
  span: Span,
): void {
  switch (test.kind) {
    case "type":
      return emit(b, span, "type_test", dest, value, b.tables.types.indexOf(test.type));
    case "conforms":
      return emit(b, span, "conforms", dest, value, b.tables.types.indexOf(test.type));
    case "tuple": {
      const name = newRegister(b, STRING);
      emit(b, span, "call_builtin", name, builtinRow("type_of").number, [value]);
      return emit(b, span, "eq_string", dest, name, textRegister(b, "Tuple", span));
    }
    case "variant": {
      const type: Type = { kind: "enum", decl: test.decl, args: test.decl.generics.map(() => ANY) };
      const end = newLabel();
      emit(b, span, "type_test", dest, value, b.tables.types.indexOf(type));
      emit(b, span, "jump_unless", dest, end);
      const tag = newRegister(b, INT);
      emit(b, span, "variant_tag", tag, asType(b, value, type, span));
      emit(b, span, "eq_int", dest, tag, intRegister(b, test.tag, span));
      return place(b, end);
    }
  }
}
