// A calculator: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

const mod = (a, b) => ((a % b) + b) % b;

function statement(i, seed) {
  const [a, b, c] = [seed % 50, seed % 47, seed % 1000];
  switch (i % 4) {
    case 0:
      return `v${i % 50} = (v${a} + ${c}) * v${b} - ${i % 97}`;
    case 1:
      return `v${i % 50} = v${a} * ${b + 1} + v${b} / (${a} + 1)`;
    case 2:
      return `v${i % 50} = -v${a} + ((v${b} - ${c}) * 3 + ${i % 11}) * 2`;
    default:
      return `v${i % 50} = ${c} * ${c} / (${b} + 1) - -v${a} * (v${b} + v${a})`;
  }
}

const isDigit = (c) => c >= "0" && c <= "9";
const isLetter = (c) => c >= "a" && c <= "z";

function tokens(line) {
  const found = [];
  let i = 0;
  while (i < line.length) {
    const c = line[i];
    if (c === " ") i++;
    else if (isDigit(c)) {
      let value = 0;
      for (; i < line.length && isDigit(line[i]); i++) value = value * 10 + line.charCodeAt(i) - 48;
      found.push({ kind: "number", value });
    } else if (isLetter(c)) {
      const start = i;
      while (i < line.length && (isLetter(line[i]) || isDigit(line[i]))) i++;
      found.push({ kind: "name", text: line.slice(start, i) });
    } else {
      found.push({ kind: "mark", text: c });
      i++;
    }
  }
  return found;
}

const POWERS = { "+": 1, "-": 1, "*": 2, "/": 2 };

class Parser {
  constructor(all, at) {
    this.all = all;
    this.at = at;
  }

  primary() {
    const token = this.all[this.at++];
    if (token.kind === "number") return { kind: "literal", value: token.value };
    if (token.kind === "name") return { kind: "variable", name: token.text };
    if (token.text === "-") return { kind: "negated", operand: this.primary() };
    const inner = this.expression(1);
    this.at++;
    return inner;
  }

  expression(least) {
    let left = this.primary();
    for (;;) {
      const op = this.all[this.at]?.text;
      const power = POWERS[op] ?? 0;
      if (power < least) return left;
      this.at++;
      left = { kind: "binary", op, left, right: this.expression(power + 1) };
    }
  }
}

function value(tree, variables) {
  switch (tree.kind) {
    case "literal":
      return tree.value;
    case "variable":
      return variables.get(tree.name) ?? 1;
    case "negated":
      return -value(tree.operand, variables);
    default: {
      const a = value(tree.left, variables);
      const b = value(tree.right, variables);
      if (tree.op === "+") return mod(a + b, 1000003);
      if (tree.op === "-") return mod(a - b, 1000003);
      if (tree.op === "*") return mod(a * b, 1000003);
      return b === 0 ? 0 : Math.floor(a / b);
    }
  }
}

bench((n) => {
  const variables = new Map();
  let seed = 42;
  for (let i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647;
    const all = tokens(statement(i, seed));
    variables.set(all[0].text, value(new Parser(all, 2).expression(1), variables));
  }
  let sum = 0;
  for (const name of [...variables.keys()].sort())
    sum = (sum * 31 + name.length + mod(variables.get(name), 1000003)) % 1000000007;
  return sum;
});
