# A calculator: what is computed stands in main.lm.md.

from harness import bench


def statement(i, seed):
    a, b, c = seed % 50, seed % 47, seed % 1000
    match i % 4:
        case 0:
            return f"v{i % 50} = (v{a} + {c}) * v{b} - {i % 97}"
        case 1:
            return f"v{i % 50} = v{a} * {b + 1} + v{b} / ({a} + 1)"
        case 2:
            return f"v{i % 50} = -v{a} + ((v{b} - {c}) * 3 + {i % 11}) * 2"
        case _:
            return f"v{i % 50} = {c} * {c} / ({b} + 1) - -v{a} * (v{b} + v{a})"


def is_digit(c):
    return "0" <= c <= "9"


def is_letter(c):
    return "a" <= c <= "z"


def tokens(line):
    found = []
    n = len(line)
    i = 0
    while i < n:
        c = line[i]
        if c == " ":
            i += 1
        elif is_digit(c):
            value = 0
            while i < n and is_digit(line[i]):
                value = value * 10 + ord(line[i]) - 48
                i += 1
            found.append(("number", value))
        elif is_letter(c):
            start = i
            while i < n and (is_letter(line[i]) or is_digit(line[i])):
                i += 1
            found.append(("name", line[start:i]))
        else:
            found.append(("mark", c))
            i += 1
    return found


POWERS = {"+": 1, "-": 1, "*": 2, "/": 2}


class Parser:
    def __init__(self, all, at):
        self.all = all
        self.at = at

    def primary(self):
        kind, what = self.all[self.at]
        self.at += 1
        if kind == "number":
            return ("literal", what)
        if kind == "name":
            return ("variable", what)
        if what == "-":
            return ("negated", self.primary())
        inner = self.expression(1)
        self.at += 1
        return inner

    def expression(self, least):
        left = self.primary()
        while True:
            op = self.all[self.at][1] if self.at < len(self.all) else None
            power = POWERS.get(op, 0)
            if power < least:
                return left
            self.at += 1
            left = ("binary", op, left, self.expression(power + 1))


def value(tree, variables):
    match tree:
        case ("literal", number):
            return number
        case ("variable", name):
            return variables.get(name, 1)
        case ("negated", operand):
            return -value(operand, variables)
        case (_, op, left, right):
            a, b = value(left, variables), value(right, variables)
            if op == "+":
                return (a + b) % 1000003
            if op == "-":
                return (a - b) % 1000003
            if op == "*":
                return (a * b) % 1000003
            return 0 if b == 0 else a // b


def run(n):
    variables = {}
    seed = 42
    for i in range(n):
        seed = (seed * 16807) % 2147483647
        all = tokens(statement(i, seed))
        variables[all[0][1]] = value(Parser(all, 2).expression(1), variables)
    total = 0
    for name, number in sorted(variables.items()):
        total = (total * 31 + len(name) + number % 1000003) % 1000000007
    return total


bench(run)
