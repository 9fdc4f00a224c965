# A JSON parser: what is computed stands in main.lm.md.

from harness import bench


def document(n):
    return "[" + ", ".join(
        f'{{"id": {i}, "name": "item {i}", "tags": ["a", "b", null], "on": {"true" if i % 2 == 0 else "false"}}}'
        for i in range(n)
    ) + "]"


class Parser:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def skip(self):
        while self.text[self.at] == " ":
            self.at += 1

    def string(self):
        start = self.at = self.at + 1
        while self.text[self.at] != '"':
            self.at += 1
        self.at += 1
        return self.text[start:self.at - 1]

    def number(self):
        value = 0
        while "0" <= self.text[self.at] <= "9":
            value = value * 10 + ord(self.text[self.at]) - 48
            self.at += 1
        return ("number", value)

    def items(self):
        items = []
        self.at += 1
        self.skip()
        while self.text[self.at] != "]":
            items.append(self.parse())
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1
                self.skip()
        self.at += 1
        return ("items", items)

    def fields(self):
        names = []
        values = []
        self.at += 1
        self.skip()
        while self.text[self.at] != "}":
            names.append(self.string())
            self.skip()
            self.at += 1
            values.append(self.parse())
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1
                self.skip()
        self.at += 1
        return ("fields", values, names)

    def parse(self):
        self.skip()
        c = self.text[self.at]
        if c == "{":
            return self.fields()
        if c == "[":
            return self.items()
        if c == '"':
            return ("text", self.string())
        if c == "n":
            self.at += 4
            return ("null",)
        if c == "t":
            self.at += 4
            return ("flag", True)
        if c == "f":
            self.at += 5
            return ("flag", False)
        return self.number()


def total(node):
    kind = node[0]
    if kind == "number":
        return node[1]
    if kind == "text":
        return len(node[1])
    if kind == "flag":
        return 1 if node[1] else 0
    if kind == "null":
        return 0
    return sum(total(part) for part in node[1])


bench(lambda n: total(Parser(document(n)).parse()))
