// Counting words: what is computed stands in main.lm.md.

#include "../bench.h"

enum { WORDS = 5000, SLOTS = 16384 };

typedef struct { const char *word; int64_t count; } Slot;

static Slot *slot_of(Slot *slots, const char *word) {
  uint64_t hash = 14695981039346656037u;
  for (const char *c = word; *c; c++) hash = (hash ^ (unsigned char)*c) * 1099511628211u;
  for (uint64_t i = hash % SLOTS;; i = (i + 1) % SLOTS)
    if (slots[i].word == NULL || strcmp(slots[i].word, word) == 0) return &slots[i];
}

static int by_word(const void *a, const void *b) {
  return strcmp(((const Slot *)a)->word, ((const Slot *)b)->word);
}

static int64_t run(int64_t n) {
  char(*vocabulary)[16] = malloc(WORDS * sizeof *vocabulary);
  for (int i = 0; i < WORDS; i++) snprintf(vocabulary[i], 16, "word%d", i * 7919 % WORDS);
  Slot *slots = calloc(SLOTS, sizeof *slots);
  int64_t seed = 42;
  for (int64_t i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647;
    const char *word = vocabulary[seed % WORDS];
    Slot *slot = slot_of(slots, word);
    slot->word = word;
    slot->count++;
  }
  int64_t used = 0, sum = 0;
  for (int i = 0; i < SLOTS; i++)
    if (slots[i].word != NULL) slots[used++] = slots[i];
  qsort(slots, used, sizeof *slots, by_word);
  for (int64_t i = 0; i < used; i++)
    sum = (sum * 31 + (int64_t)strlen(slots[i].word) * slots[i].count) % 1000000007;
  free(slots);
  free(vocabulary);
  return sum;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
