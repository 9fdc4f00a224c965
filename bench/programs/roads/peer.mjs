// Shortest roads: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

function graph(n) {
  const roads = [];
  let seed = 42;
  for (let place = 0; place < n; place++) {
    const own = [{ to: (place + 1) % n, length: 1000 }];
    for (let i = 0; i < 4; i++) {
      seed = (seed * 16807) % 2147483647;
      const to = seed % n;
      seed = (seed * 16807) % 2147483647;
      own.push({ to, length: 1 + (seed % 1000) });
    }
    roads.push(own);
  }
  return roads;
}

function push(heap, stop) {
  heap.push(stop);
  for (let at = heap.length - 1; at > 0; ) {
    const above = (at - 1) >> 1;
    if (heap[above].distance <= heap[at].distance) return;
    [heap[above], heap[at]] = [heap[at], heap[above]];
    at = above;
  }
}

function pop(heap) {
  const first = heap[0];
  const last = heap.pop();
  if (heap.length === 0) return first;
  heap[0] = last;
  for (let at = 0; ; ) {
    let least = at;
    const below = at * 2 + 1;
    if (below < heap.length && heap[below].distance < heap[least].distance) least = below;
    if (below + 1 < heap.length && heap[below + 1].distance < heap[least].distance)
      least = below + 1;
    if (least === at) return first;
    [heap[least], heap[at]] = [heap[at], heap[least]];
    at = least;
  }
}

function distances(roads) {
  const best = new Array(roads.length).fill(1000000000);
  best[0] = 0;
  const heap = [{ distance: 0, place: 0 }];
  while (heap.length > 0) {
    const stop = pop(heap);
    if (stop.distance > best[stop.place]) continue;
    for (const road of roads[stop.place]) {
      const distance = stop.distance + road.length;
      if (distance >= best[road.to]) continue;
      best[road.to] = distance;
      push(heap, { distance, place: road.to });
    }
  }
  return best;
}

bench((n) => {
  let sum = 0;
  for (const distance of distances(graph(n))) sum = (sum * 31 + distance) % 1000000007;
  return sum;
});
