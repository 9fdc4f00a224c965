// Breaking lines: what is computed stands in main.lm.md.

#include <ctype.h>

#include "../bench.h"

enum { WIDTH = 72, WORDS = WIDTH / 2 + 2 };

typedef struct { const char *start; int length, is_first; } Word;

static char *document(int64_t n) {
  static const char *const SYLLABLES[] = {"ka", "ro", "mi",  "ten", "so",  "lu",
                                          "fer", "an", "dit", "o",   "bel", "gra"};
  char *text = malloc(n * 12 + 1), *end = text;
  int64_t seed = 42;
  for (int64_t i = 1; i <= n; i++) {
    seed = (seed * 16807) % 2147483647;
    end = stpcpy(end, SYLLABLES[seed % 12]);
    end = stpcpy(end, SYLLABLES[seed / 12 % 12]);
    if (seed % 3 == 0) end = stpcpy(end, SYLLABLES[seed / 144 % 12]);
    end = stpcpy(end, i % 200 == 0 ? ".\n\n" : i % 12 == 0 ? ". " : " ");
  }
  *end = 0;
  return text;
}

// Writes the words with blanks between them, to the full width where that is wanted.
static int set_line(const Word *words, int count, int is_filled, char *line) {
  int blanks = count - 1, gaps = count - 1, at = 0;
  if (is_filled && gaps > 0) {
    blanks = WIDTH;
    for (int i = 0; i < count; i++) blanks -= words[i].length;
  }
  for (int i = 0; i < count; i++) {
    if (i > 0) {
      int size = blanks * i / gaps - blanks * (i - 1) / gaps;
      memset(line + at, ' ', size);
      at += size;
    }
    memcpy(line + at, words[i].start, words[i].length);
    if (words[i].is_first) {
      line[at] = toupper(line[at]);
      for (int k = 1; k < words[i].length; k++) line[at + k] = tolower(line[at + k]);
    }
    at += words[i].length;
  }
  line[at] = 0;
  return at;
}

static int64_t added(int64_t sum, const char *line, int length) {
  int64_t blanks = 1;
  for (int i = 0; i < length; i++) blanks += line[i] == ' ';
  int64_t capital = line[0] >= 'A' && line[0] <= 'Z' ? line[0] : 1;
  return (sum * 31 + length * blanks + capital) % 1000000007;
}

static int64_t set_paragraph(int64_t sum, const char *at, const char *end) {
  Word words[WORDS];
  char line[256];
  int count = 0, width = 0, lines = 0, begins = 1;
  while (at < end) {
    const char *stop = memchr(at, ' ', end - at);
    if (stop == NULL) stop = end;
    int length = stop - at;
    if (length > 0) {
      if (width + length + count > WIDTH) {
        int is_filled = lines++ % 2 == 1;
        sum = added(sum, line, set_line(words, count, is_filled, line));
        count = width = 0;
      }
      words[count++] = (Word){at, length, begins};
      width += length;
      begins = stop[-1] == '.';
    }
    at = stop + 1;
  }
  return added(sum, line, set_line(words, count, 0, line));
}

static int64_t run(int64_t n) {
  char *text = document(n);
  int64_t sum = 0;
  for (const char *at = text; at != NULL;) {
    const char *end = strstr(at, "\n\n");
    sum = set_paragraph(sum, at, end == NULL ? at + strlen(at) : end);
    at = end == NULL ? NULL : end + 2;
  }
  free(text);
  return sum;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
