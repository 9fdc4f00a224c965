// The `types` table of a schema: names for descriptors, referenced as {"ref": name} and replaced
// before types are compared or hashed (spec/formats.md 9.2).

import { checkTypeDescriptor } from "../encoding/index.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { DOCUMENT_DEPTH_MAX, TYPE_NODES_MAX } from "./limits.ts";
import { isObject, type NodeReader, type ObjectNode, pointer } from "./node-reader.ts";

/** A descriptor without references into `types`, and the number of its nodes written out. */
interface Resolved {
  readonly node: unknown;
  readonly size: number;
}

const FAILED: Resolved = { node: "unit", size: 1 };

/** Resolves and checks descriptors. Shared parts of resolved types are shared objects. */
export class NamedTypes {
  readonly #reader: NodeReader;
  readonly #table: ObjectNode;
  readonly #done = new Map<string, Resolved>();
  readonly #open = new Set<string>();
  /** Types that passed, by resolved node: a name used often is checked once. */
  readonly #passed = new Map<unknown, TypeDescriptor>();
  #depth = 0;

  /** `table` is the `types` object, empty where the document has none. */
  constructor(reader: NodeReader, table: ObjectNode) {
    this.#reader = reader;
    this.#table = table;
  }

  /** Checks every entry of the table, used or not. */
  checkAll(): void {
    for (const name of Object.keys(this.#table.fields)) {
      const path = pointer(this.#table.path, name);
      const resolved = this.#named(name, path);
      if (this.#reader.failure === null) this.#checked(path, resolved.node);
    }
  }

  /** The resolved type of a descriptor in the document; `E_MALFORMED` goes to the reader. */
  read(path: string, descriptor: unknown): TypeDescriptor {
    const resolved = this.#resolve(path, descriptor, new Set());
    if (this.#reader.failure !== null) return "unit";
    return this.#checked(path, resolved.node);
  }

  #checked(path: string, node: unknown): TypeDescriptor {
    const passed = this.#passed.get(node);
    if (passed !== undefined) return passed;
    const result = checkTypeDescriptor(node);
    if (result.ok) {
      this.#passed.set(node, result.value);
      return result.value;
    }
    const inner = result.error;
    this.#reader.adopt({ ...inner, path: `${path}${inner.path ?? ""}` });
    return "unit";
  }

  /** Replaces references that no enclosing `rec` binds. Objects with `ref` are types only. */
  #resolve(path: string, node: unknown, bound: ReadonlySet<string>): Resolved {
    if (Array.isArray(node)) return this.#resolveItems(path, node, bound);
    if (!isObject(node)) return { node, size: 1 };
    // Chains of names nest deeper than the document does.
    if (this.#depth >= DOCUMENT_DEPTH_MAX) {
      this.#reader.refuse(path, "the type nests too deeply");
      return FAILED;
    }
    this.#depth += 1;
    const resolved = this.#resolveObject(path, node, bound);
    this.#depth -= 1;
    return resolved;
  }

  #resolveObject(
    path: string,
    node: { readonly [key: string]: unknown },
    bound: ReadonlySet<string>,
  ): Resolved {
    const name = node.ref;
    if (typeof name === "string" && Object.keys(node).length === 1) {
      return bound.has(name) ? { node, size: 1 } : this.#named(name, path);
    }
    const rec = node.rec;
    const binder = isObject(rec) ? rec.name : undefined;
    const inner = typeof binder === "string" ? new Set([...bound, binder]) : bound;
    let size = 1;
    const fields = Object.keys(node).map((key) => {
      const part = this.#resolve(pointer(path, key), node[key], inner);
      size += part.size;
      return [key, part.node] as const;
    });
    return this.#bounded(path, { node: Object.fromEntries(fields), size });
  }

  #resolveItems(path: string, items: readonly unknown[], bound: ReadonlySet<string>): Resolved {
    let size = 1;
    const nodes = items.map((item, i) => {
      const part = this.#resolve(pointer(path, i), item, bound);
      size += part.size;
      return part.node;
    });
    return this.#bounded(path, { node: nodes, size });
  }

  #named(name: string, path: string): Resolved {
    const done = this.#done.get(name);
    if (done !== undefined) return done;
    if (!Object.hasOwn(this.#table.fields, name)) {
      this.#reader.refuse(path, `the type ${JSON.stringify(name)} is not in "types"`);
      return FAILED;
    }
    if (this.#open.has(name)) {
      const hint = "a recursive type is written with rec";
      this.#reader.refuse(path, `the type ${JSON.stringify(name)} contains itself; ${hint}`);
      return FAILED;
    }
    this.#open.add(name);
    const table = this.#table;
    const resolved = this.#resolve(pointer(table.path, name), table.fields[name], new Set());
    this.#open.delete(name);
    this.#done.set(name, resolved);
    return resolved;
  }

  #bounded(path: string, resolved: Resolved): Resolved {
    if (resolved.size <= TYPE_NODES_MAX) return resolved;
    this.#reader.refuse(path, "the type is too large");
    return FAILED;
  }
}
