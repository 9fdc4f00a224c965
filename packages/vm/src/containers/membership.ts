// `a in b` and the builtin `contains` (language 4, 16.2).

import {
  equalValues,
  isList,
  listItems,
  MapValue,
  mapHas,
  SetValue,
  setHas,
  Tuple,
  type Value,
} from "@lumen/core/value";

/**
 * Whether a list, tuple or set has the element, a map the key, a string the substring; undefined
 * where the container is of another kind or the element of a string is no string.
 */
export function membership(element: Value, container: Value): boolean | undefined {
  if (typeof container === "string") {
    return typeof element === "string" ? container.includes(element) : undefined;
  }
  if (isList(container)) return listItems(container).some((item) => equalValues(item, element));
  if (container instanceof Tuple) return container.items.some((x) => equalValues(x, element));
  if (container instanceof SetValue) return setHas(container, element);
  if (container instanceof MapValue) return mapHas(container, element);
  return undefined;
}
