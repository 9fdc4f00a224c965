// A queue of customers: what is computed stands in main.lm.md.

package main

type event struct{ time, serial, counter int64 }

func isBefore(a, b event) bool {
	return a.time < b.time || (a.time == b.time && a.serial < b.serial)
}

func push(heap []event, e event) []event {
	heap = append(heap, e)
	for at := len(heap) - 1; at > 0; {
		above := (at - 1) / 2
		if !isBefore(heap[at], heap[above]) {
			break
		}
		heap[above], heap[at] = heap[at], heap[above]
		at = above
	}
	return heap
}

func pop(heap []event) (event, []event) {
	first := heap[0]
	count := len(heap) - 1
	heap[0] = heap[count]
	heap = heap[:count]
	for at := 0; ; {
		least, below := at, at*2+1
		if below < count && isBefore(heap[below], heap[least]) {
			least = below
		}
		if below+1 < count && isBefore(heap[below+1], heap[least]) {
			least = below + 1
		}
		if least == at {
			return first, heap
		}
		heap[least], heap[at] = heap[at], heap[least]
		at = least
	}
}

func run(n int64) int64 {
	const counters = 500
	heap := []event{{0, 0, -1}}
	var line []int64
	free := make([]int64, counters)
	for i := range free {
		free[i] = int64(i)
	}
	worked := make([]int64, counters)
	var head int
	var come, waited, longest, served int64
	seed, serial := int64(42), int64(1)
	for served < n {
		var e event
		e, heap = pop(heap)
		now := e.time
		if e.counter < 0 {
			line = append(line, now)
			come++
			if come < n {
				seed = (seed * 16807) % 2147483647
				heap = push(heap, event{now + seed%5, serial, -1})
				serial++
			}
		} else {
			free = append(free, e.counter)
			served++
		}
		longest = max(longest, int64(len(line)-head))
		for head < len(line) && len(free) > 0 {
			waited += now - line[head]
			head++
			counter := free[len(free)-1]
			free = free[:len(free)-1]
			seed = (seed * 16807) % 2147483647
			work := 1 + seed%2000
			worked[counter] += work
			heap = push(heap, event{now + work, serial, counter})
			serial++
		}
	}
	sum := (waited + longest*7919) % 1000000007
	for _, work := range worked {
		sum = (sum*31 + work) % 1000000007
	}
	return sum
}

func main() { bench(run) }
