// A queue of customers: what is computed stands in main.lm.md.

#include "../bench.h"

enum { COUNTERS = 500 };

typedef struct { int64_t time, serial, counter; } Event;

// No more events than counters, and one of the next customer.
typedef struct { Event events[COUNTERS + 2]; int count; } Heap;

static int is_before(const Event *a, const Event *b) {
  return a->time < b->time || (a->time == b->time && a->serial < b->serial);
}

static void swap(Event *a, Event *b) {
  Event moved = *a;
  *a = *b;
  *b = moved;
}

static void push(Heap *heap, Event event) {
  Event *e = heap->events;
  int at = heap->count++;
  e[at] = event;
  while (at > 0 && is_before(&e[at], &e[(at - 1) / 2])) {
    swap(&e[at], &e[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
}

static Event pop(Heap *heap) {
  Event *e = heap->events, first = e[0];
  int count = --heap->count;
  e[0] = e[count];
  for (int at = 0;;) {
    int least = at, below = at * 2 + 1;
    if (below < count && is_before(&e[below], &e[least])) least = below;
    if (below + 1 < count && is_before(&e[below + 1], &e[least])) least = below + 1;
    if (least == at) return first;
    swap(&e[least], &e[at]);
    at = least;
  }
}

static int64_t run(int64_t n) {
  static Heap heap;
  heap.count = 0;
  push(&heap, (Event){0, 0, -1});
  int64_t *line = malloc((n + 1) * sizeof *line);
  int64_t free_counters[COUNTERS], worked[COUNTERS] = {0};
  int64_t free_count = COUNTERS, head = 0, seed = 42, serial = 1;
  int64_t come = 0, waited = 0, longest = 0, served = 0;
  for (int i = 0; i < COUNTERS; i++) free_counters[i] = i;
  while (served < n) {
    Event event = pop(&heap);
    int64_t now = event.time;
    if (event.counter < 0) {
      line[come++] = now;
      if (come < n) {
        seed = (seed * 16807) % 2147483647;
        push(&heap, (Event){now + seed % 5, serial++, -1});
      }
    } else {
      free_counters[free_count++] = event.counter;
      served++;
    }
    if (come - head > longest) longest = come - head;
    while (head < come && free_count > 0) {
      waited += now - line[head++];
      int64_t counter = free_counters[--free_count];
      seed = (seed * 16807) % 2147483647;
      int64_t work = 1 + seed % 2000;
      worked[counter] += work;
      push(&heap, (Event){now + work, serial++, counter});
    }
  }
  int64_t sum = (waited + longest * 7919) % 1000000007;
  for (int i = 0; i < COUNTERS; i++) sum = (sum * 31 + worked[i]) % 1000000007;
  free(line);
  return sum;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
