// A JSON parser: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

function document(n) {
  const parts = [];
  for (let i = 0; i < n; i++) {
    parts.push(`{"id": ${i}, "name": "item ${i}", "tags": ["a", "b", null], "on": ${i % 2 === 0}}`);
  }
  return `[${parts.join(", ")}]`;
}

class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  skip() {
    while (this.text[this.at] === " ") this.at++;
  }

  string() {
    const start = ++this.at;
    while (this.text[this.at] !== '"') this.at++;
    return this.text.slice(start, this.at++);
  }

  number() {
    let value = 0;
    for (let c = this.text[this.at]; c >= "0" && c <= "9"; c = this.text[++this.at]) {
      value = value * 10 + c.charCodeAt(0) - 48;
    }
    return { kind: "number", value };
  }

  items() {
    const items = [];
    this.at++;
    for (this.skip(); this.text[this.at] !== "]"; this.skip()) {
      items.push(this.parse());
      this.skip();
      if (this.text[this.at] === ",") this.at++;
    }
    this.at++;
    return { kind: "items", items };
  }

  fields() {
    const names = [];
    const values = [];
    this.at++;
    for (this.skip(); this.text[this.at] !== "}"; this.skip()) {
      names.push(this.string());
      this.skip();
      this.at++;
      values.push(this.parse());
      this.skip();
      if (this.text[this.at] === ",") this.at++;
    }
    this.at++;
    return { kind: "fields", names, values };
  }

  parse() {
    this.skip();
    switch (this.text[this.at]) {
      case "{":
        return this.fields();
      case "[":
        return this.items();
      case '"':
        return { kind: "text", value: this.string() };
      case "n":
        this.at += 4;
        return { kind: "null" };
      case "t":
        this.at += 4;
        return { kind: "flag", value: true };
      case "f":
        this.at += 5;
        return { kind: "flag", value: false };
      default:
        return this.number();
    }
  }
}

function sumOf(nodes) {
  let sum = 0;
  for (const node of nodes) sum += total(node);
  return sum;
}

function total(node) {
  switch (node.kind) {
    case "number":
      return node.value;
    case "text":
      return node.value.length;
    case "flag":
      return node.value ? 1 : 0;
    case "items":
      return sumOf(node.items);
    case "fields":
      return sumOf(node.values);
    default:
      return 0;
  }
}

bench((n) => total(new Parser(document(n)).parse()));
