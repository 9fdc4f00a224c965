// Entry point `@lumen/core/value`.
export { compareBytes, equalBytes } from "./byte-order.ts";
export { compareValues, mapEntries, setItems } from "./compare.ts";
export {
  deeper,
  displayFault,
  KEY_PARTS_MAX,
  VALUE_DEPTH_MAX,
  VALUE_PARTS_MAX,
  ValueDepthError,
  ValueSizeError,
} from "./depth.ts";
export { debugValue, displayNested, displayValue } from "./display.ts";
export { equalValues } from "./equal.ts";
export { displayFloat } from "./float-text.ts";
export { hashKey } from "./key.ts";
export { truthy, typeName } from "./kind.ts";
export { emptyMap, mapFromEntries, mapGet, mapHas, mapRemove, mapSet, mapSize } from "./map.ts";
export {
  FIELDS_INSIDE,
  numberRecordClass,
  type RecordShape,
  RecordValue,
  recordSize,
} from "./record.ts";
export {
  isFlat,
  scalarAt,
  scalarCount,
  scalarIndex,
  scalarOffset,
  scalarSlice,
} from "./scalars.ts";
export { emptySet, setAdd, setFromItems, setHas, setRemove, setSize } from "./set.ts";
export {
  floatList,
  floatsInto,
  listItem,
  listItems,
  listSlice,
  makeRecord,
  pushListItem,
  recordField,
  recordFields,
  refillList,
  setListItem,
  withRecordField,
} from "./slots.ts";
export { compareStrings } from "./string-order.ts";
export { TextWriter } from "./text-writer.ts";
export { TYPE_DEPTH_MAX, typeDepth } from "./type-depth.ts";
export {
  type PayloadDescriptor,
  PRIMITIVE_TYPES,
  type PrimitiveType,
  type TypeDescriptor,
} from "./type-descriptor.ts";
export {
  Closure,
  type Container,
  Float,
  type HashKey,
  intFromBigint,
  isInt,
  isList,
  isShared,
  type List,
  type MapEntry,
  MapValue,
  makeList,
  meet,
  noteOf,
  Opaque,
  SetValue,
  type Slot,
  Some,
  share,
  Tuple,
  type Value,
} from "./value.ts";
export {
  type EnumShape,
  makeErr,
  makeOk,
  makeVariant,
  PARTS_INSIDE,
  RESULT_SHAPE,
  type VariantKind,
  type VariantShape,
  VariantValue,
  variantKind,
  variantPart,
  variantParts,
} from "./variant.ts";
