// Breaking lines: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

const SYLLABLES = "ka ro mi ten so lu fer an dit o bel gra".split(" ");

function documentOf(n) {
  let text = "";
  let seed = 42;
  for (let i = 1; i <= n; i++) {
    seed = (seed * 16807) % 2147483647;
    text += SYLLABLES[seed % 12] + SYLLABLES[Math.floor(seed / 12) % 12];
    if (seed % 3 === 0) text += SYLLABLES[Math.floor(seed / 144) % 12];
    text += i % 200 === 0 ? ".\n\n" : i % 12 === 0 ? ". " : " ";
  }
  return text;
}

function filled(words, width) {
  const gaps = words.length - 1;
  if (gaps < 1) return words.join(" ");
  const blanks = width - words.reduce((sum, word) => sum + word.length, 0);
  let line = words[0];
  for (let i = 1; i < words.length; i++) {
    const size = Math.floor((blanks * i) / gaps) - Math.floor((blanks * (i - 1)) / gaps);
    line += " ".repeat(size) + words[i];
  }
  return line;
}

function setParagraph(paragraph) {
  const set = [];
  let line = [];
  let width = 0;
  let begins = true;
  for (const word of paragraph.split(" ")) {
    if (word === "") continue;
    const shown = begins ? word[0].toUpperCase() + word.slice(1).toLowerCase() : word;
    begins = word.endsWith(".");
    if (width + shown.length + line.length > 72) {
      set.push(set.length % 2 === 0 ? line.join(" ") : filled(line, 72));
      line = [];
      width = 0;
    }
    line.push(shown);
    width += shown.length;
  }
  set.push(line.join(" "));
  return set;
}

bench((n) => {
  let sum = 0;
  for (const paragraph of documentOf(n).split("\n\n"))
    for (const line of setParagraph(paragraph)) {
      const blanks = line.split(" ").length;
      const capital = line[0] >= "A" && line[0] <= "Z" ? line.charCodeAt(0) : 1;
      sum = (sum * 31 + line.length * blanks + capital) % 1000000007;
    }
  return sum;
});
