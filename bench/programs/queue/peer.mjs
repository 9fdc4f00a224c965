// A queue of customers: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

const isBefore = (a, b) => a.time < b.time || (a.time === b.time && a.serial < b.serial);

function push(heap, event) {
  heap.push(event);
  for (let at = heap.length - 1; at > 0; ) {
    const above = (at - 1) >> 1;
    if (!isBefore(heap[at], heap[above])) return;
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
    if (below < heap.length && isBefore(heap[below], heap[least])) least = below;
    if (below + 1 < heap.length && isBefore(heap[below + 1], heap[least])) least = below + 1;
    if (least === at) return first;
    [heap[least], heap[at]] = [heap[at], heap[least]];
    at = least;
  }
}

bench((n) => {
  const counters = 500;
  const heap = [{ time: 0, serial: 0, counter: -1 }];
  const line = [];
  const free = Array.from({ length: counters }, (_, i) => i);
  const worked = new Array(counters).fill(0);
  let [head, seed, serial, come, waited, longest, served] = [0, 42, 1, 0, 0, 0, 0];
  while (served < n) {
    const { time: now, counter: done } = pop(heap);
    if (done < 0) {
      line.push(now);
      come++;
      if (come < n) {
        seed = (seed * 16807) % 2147483647;
        push(heap, { time: now + (seed % 5), serial: serial++, counter: -1 });
      }
    } else {
      free.push(done);
      served++;
    }
    longest = Math.max(longest, line.length - head);
    while (head < line.length && free.length > 0) {
      waited += now - line[head++];
      const counter = free.pop();
      seed = (seed * 16807) % 2147483647;
      const work = 1 + (seed % 2000);
      worked[counter] += work;
      push(heap, { time: now + work, serial: serial++, counter });
    }
  }
  let sum = (waited + longest * 7919) % 1000000007;
  for (const work of worked) sum = (sum * 31 + work) % 1000000007;
  return sum;
});
