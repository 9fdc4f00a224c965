// Shortest roads: what is computed stands in main.lm.md.

#include "../bench.h"

enum { ROADS = 5 };

typedef struct { int64_t to, length; } Road;
typedef struct { int64_t distance, place; } Stop;
typedef struct { Stop *stops; int64_t count; } Heap;

static Road *graph(int64_t n) {
  Road *roads = malloc(n * ROADS * sizeof *roads);
  int64_t seed = 42;
  for (int64_t place = 0; place < n; place++) {
    Road *own = &roads[place * ROADS];
    own[0] = (Road){(place + 1) % n, 1000};
    for (int i = 1; i < ROADS; i++) {
      seed = (seed * 16807) % 2147483647;
      int64_t to = seed % n;
      seed = (seed * 16807) % 2147483647;
      own[i] = (Road){to, 1 + seed % 1000};
    }
  }
  return roads;
}

static void swap(Stop *a, Stop *b) {
  Stop moved = *a;
  *a = *b;
  *b = moved;
}

static void push(Heap *heap, Stop stop) {
  Stop *s = heap->stops;
  int64_t at = heap->count++;
  s[at] = stop;
  while (at > 0 && s[(at - 1) / 2].distance > s[at].distance) {
    swap(&s[at], &s[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
}

static Stop pop(Heap *heap) {
  Stop *s = heap->stops, first = s[0];
  int64_t count = --heap->count;
  s[0] = s[count];
  for (int64_t at = 0;;) {
    int64_t least = at, below = at * 2 + 1;
    if (below < count && s[below].distance < s[least].distance) least = below;
    if (below + 1 < count && s[below + 1].distance < s[least].distance) least = below + 1;
    if (least == at) return first;
    swap(&s[least], &s[at]);
    at = least;
  }
}

static int64_t *distances(const Road *roads, int64_t n) {
  int64_t *best = malloc(n * sizeof *best);
  for (int64_t i = 0; i < n; i++) best[i] = 1000000000;
  best[0] = 0;
  // A road is followed once at most.
  Heap heap = {malloc((n * ROADS + 1) * sizeof(Stop)), 0};
  push(&heap, (Stop){0, 0});
  while (heap.count > 0) {
    Stop stop = pop(&heap);
    if (stop.distance > best[stop.place]) continue;
    for (const Road *r = &roads[stop.place * ROADS]; r < &roads[(stop.place + 1) * ROADS]; r++) {
      int64_t distance = stop.distance + r->length;
      if (distance >= best[r->to]) continue;
      best[r->to] = distance;
      push(&heap, (Stop){distance, r->to});
    }
  }
  free(heap.stops);
  return best;
}

static int64_t run(int64_t n) {
  Road *roads = graph(n);
  int64_t *best = distances(roads, n), sum = 0;
  for (int64_t i = 0; i < n; i++) sum = (sum * 31 + best[i]) % 1000000007;
  free(best);
  free(roads);
  return sum;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
