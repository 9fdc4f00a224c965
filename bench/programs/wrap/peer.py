# Breaking lines: what is computed stands in main.lm.md.

from harness import bench

SYLLABLES = "ka ro mi ten so lu fer an dit o bel gra".split(" ")


def document(n):
    parts = []
    seed = 42
    for i in range(1, n + 1):
        seed = (seed * 16807) % 2147483647
        parts.append(SYLLABLES[seed % 12])
        parts.append(SYLLABLES[seed // 12 % 12])
        if seed % 3 == 0:
            parts.append(SYLLABLES[seed // 144 % 12])
        parts.append(".\n\n" if i % 200 == 0 else ". " if i % 12 == 0 else " ")
    return "".join(parts)


def filled(words, width):
    gaps = len(words) - 1
    if gaps < 1:
        return " ".join(words)
    blanks = width - sum(map(len, words))
    parts = [words[0]]
    for i in range(1, len(words)):
        parts.append(" " * (blanks * i // gaps - blanks * (i - 1) // gaps))
        parts.append(words[i])
    return "".join(parts)


def set_paragraph(paragraph):
    lines = []
    line = []
    width = 0
    begins = True
    for word in paragraph.split(" "):
        if word == "":
            continue
        shown = word.capitalize() if begins else word
        begins = word.endswith(".")
        if width + len(shown) + len(line) > 72:
            lines.append(" ".join(line) if len(lines) % 2 == 0 else filled(line, 72))
            line = []
            width = 0
        line.append(shown)
        width += len(shown)
    lines.append(" ".join(line))
    return lines


def run(n):
    total = 0
    for paragraph in document(n).split("\n\n"):
        for line in set_paragraph(paragraph):
            blanks = len(line.split(" "))
            capital = ord(line[0]) if line and "A" <= line[0] <= "Z" else 1
            total = (total * 31 + len(line) * blanks + capital) % 1000000007
    return total


bench(run)
