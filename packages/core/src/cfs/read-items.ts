// Decodes items, arms, loops and bindings of a schema (spec/formats.md 9.1, 9.7), stage 2 of 9.3.
// In a 1.0 document branches, loops and their sources are unknown words, hence malformed.

import type {
  CfsArm,
  CfsBinding,
  CfsItem,
  CfsLiteral,
  CfsLoopBody,
  CfsLoopHead,
  CfsLoopItem,
  CfsOutput,
  CfsSource,
  CfsTest,
  CfsVersion,
} from "./model.ts";
import type { NamedTypes } from "./named-types.ts";
import {
  describeJson,
  has,
  integerOf,
  type NodeReader,
  type ObjectNode,
  own,
  pointer,
} from "./node-reader.ts";

const ITEM_TYPES: { readonly [version in CfsVersion]: readonly string[] } = {
  "1.0": ["tile", "sequence"],
  "1.1": ["tile", "sequence", "branch", "loop"],
};

const FLAT_SOURCES = ["external", "seq_input", "item_output"];

const SOURCES: { readonly [version in CfsVersion]: readonly string[] } = {
  "1.0": FLAT_SOURCES,
  "1.1": [...FLAT_SOURCES, "arm_input", "loop_state", "loop_element", "loop_index"],
};

const TESTS = ["bool", "int", "string", "variant", "default"];
const ZERO = { absent: 0 };

/** Reads the blocks of one document; failures go to the node reader. */
export class ItemReader {
  readonly #reader: NodeReader;
  readonly #types: NamedTypes;
  readonly #version: CfsVersion;

  constructor(reader: NodeReader, types: NamedTypes, version: CfsVersion) {
    this.#reader = reader;
    this.#types = types;
    this.#version = version;
  }

  /** A required list of items. */
  items(node: ObjectNode, key: string): CfsItem[] {
    return this.#reader.arrayAt(node, key).map((e) => this.#item(e.path, e.value));
  }

  /** A required list of bindings. */
  bindings(node: ObjectNode, key: string): CfsBinding[] {
    return this.#reader.arrayAt(node, key).map((e) => this.#binding(e.path, e.value));
  }

  /** The value of a block, null where the field is absent. */
  output(node: ObjectNode, key: string): CfsOutput | null {
    if (!has(node, key)) return null;
    const found = this.#reader.objectAt(node, key);
    const { path } = found;
    if (has(found, "tuple"))
      return { kind: "tuple", path, bindings: this.bindings(found, "tuple") };
    return { kind: "binding", path, binding: this.#binding(path, found.fields) };
  }

  #item(path: string, value: unknown): CfsItem {
    const reader = this.#reader;
    const node = reader.object(path, value);
    const type = reader.stringAt(node, "item_type");
    this.#known(pointer(path, "item_type"), type, ITEM_TYPES[this.#version]);
    const base = {
      path,
      id: reader.stringAt(node, "item_id"),
      args: this.bindings(node, "input_sources"),
      recursive: reader.boolAt(node, "recursive", { absent: false }),
    };
    reader.optionalStringAt(node, "name");
    if (type === "loop") return { ...base, ...this.#loop(node) };
    const maxIterations = reader.boundAt(node, "max_iterations", 1);
    if (type === "branch") {
      const arms = this.#arms(node);
      const outputs = reader.countAt(node, "outputs");
      return { ...base, maxIterations, kind: "branch", arms, outputs };
    }
    return { ...base, maxIterations, kind: type === "sequence" ? "sequence" : "tile" };
  }

  #arms(node: ObjectNode): CfsArm[] {
    const elements = this.#reader.arrayAt(node, "arms");
    return elements.map((e, i) => {
      const arm = this.#reader.object(e.path, e.value);
      const when = this.#test(this.#reader.objectAt(arm, "when"));
      if (when.kind === "default" && i !== elements.length - 1) {
        this.#reader.refuse(pointer(e.path, "when"), "default stands only in the last arm");
      }
      const items = this.items(arm, "items");
      return { path: e.path, when, items, output: this.output(arm, "output") };
    });
  }

  #test(node: ObjectNode): CfsTest {
    const present = TESTS.filter((test) => has(node, test));
    if (present.length !== 1) {
      this.#reader.refuse(node.path, `expected exactly one of ${TESTS.join(", ")}`);
      return { kind: "default" };
    }
    switch (present[0]) {
      case "bool":
        return { kind: "bool", value: this.#reader.boolAt(node, "bool") };
      case "int":
        return { kind: "int", value: this.#integerAt(node, "int") };
      case "string":
        return { kind: "string", value: this.#reader.stringAt(node, "string") };
      case "variant":
        return { kind: "variant", name: this.#reader.stringAt(node, "variant") };
      default:
        if (!this.#reader.boolAt(node, "default")) {
          this.#reader.refuse(pointer(node.path, "default"), "expected true");
        }
        return { kind: "default" };
    }
  }

  #integerAt(node: ObjectNode, key: string): bigint {
    const value = integerOf(own(node, key));
    if (value !== null) return value;
    const found = describeJson(own(node, key));
    this.#reader.refuse(pointer(node.path, key), `expected an integer, found ${found}`);
    return 0n;
  }

  #loop(
    node: ObjectNode,
  ): Pick<CfsLoopItem, "kind" | "mode" | "head" | "body" | "maxIterations" | "outputs"> {
    const reader = this.#reader;
    const mode = reader.stringAt(node, "mode");
    this.#known(pointer(node.path, "mode"), mode, ["while", "for_each"]);
    const head = mode === "while" ? this.#head(reader.objectAt(node, "head")) : null;
    if (mode === "for_each" && has(node, "head")) {
      reader.refuse(pointer(node.path, "head"), "a for_each loop has no head");
    }
    const body = this.#body(reader.objectAt(node, "body"));
    if (mode === "while" && body.collect !== null) {
      reader.refuse(body.collect.path, "only a for_each loop collects");
    }
    return {
      kind: "loop",
      mode: mode === "for_each" ? "for_each" : "while",
      head,
      body,
      maxIterations: reader.boundAt(node, "max_iterations", 0),
      outputs: reader.countAt(node, "outputs"),
    };
  }

  #head(node: ObjectNode): CfsLoopHead {
    return { items: this.items(node, "items"), condition: this.#bindingAt(node, "condition") };
  }

  #body(node: ObjectNode): CfsLoopBody {
    const items = this.items(node, "items");
    const next = this.bindings(node, "next");
    const collect = has(node, "collect") ? this.#bindingAt(node, "collect") : null;
    return { path: node.path, items, next, collect };
  }

  #bindingAt(node: ObjectNode, key: string): CfsBinding {
    return this.#binding(pointer(node.path, key), own(node, key));
  }

  #binding(path: string, value: unknown): CfsBinding {
    const reader = this.#reader;
    const node = reader.object(path, value);
    const source = this.#source(reader.objectAt(node, "source"));
    const literal = has(node, "literal") ? this.#literal(reader.objectAt(node, "literal")) : null;
    if (literal !== null && source.kind !== "external") {
      reader.refuse(pointer(path, "source"), "the source of a literal is external");
    }
    return {
      path,
      source,
      whole: reader.boolAt(node, "whole", { absent: false }),
      literal,
      externalIndex: has(node, "external_index") ? reader.countAt(node, "external_index") : null,
    };
  }

  #literal(node: ObjectNode): CfsLiteral {
    const type = this.#types.read(pointer(node.path, "type"), own(node, "type"));
    return { type, bytes: this.#reader.hexAt(node, "bytes") };
  }

  #source(node: ObjectNode): CfsSource {
    const reader = this.#reader;
    const kind = reader.stringAt(node, "type");
    this.#known(pointer(node.path, "type"), kind, SOURCES[this.#version]);
    switch (kind) {
      case "seq_input":
        return { kind, index: reader.countAt(node, "input_index") };
      case "item_output":
        return {
          kind,
          item: reader.countAt(node, "item_index"),
          output: reader.countAt(node, "output_index"),
          up: reader.countAt(node, "up", ZERO),
        };
      case "arm_input":
      case "loop_state": {
        const index = reader.countAt(node, "input_index");
        return { kind, index, up: reader.countAt(node, "up", ZERO) };
      }
      case "loop_element":
      case "loop_index":
        return { kind, up: reader.countAt(node, "up", ZERO) };
      default:
        return { kind: "external" };
    }
  }

  #known(path: string, word: string, words: readonly string[]): void {
    if (words.includes(word)) return;
    const list = words.map((w) => JSON.stringify(w)).join(", ");
    this.#reader.refuse(path, `expected one of ${list}, found ${JSON.stringify(word)}`);
  }
}
