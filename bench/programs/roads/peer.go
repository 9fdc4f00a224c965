// Shortest roads: what is computed stands in main.lm.md.

package main

type road struct{ to, length int64 }

type stop struct{ distance, place int64 }

func graph(n int64) [][]road {
	roads := make([][]road, n)
	seed := int64(42)
	for place := range roads {
		own := []road{{(int64(place) + 1) % n, 1000}}
		for i := 0; i < 4; i++ {
			seed = (seed * 16807) % 2147483647
			to := seed % n
			seed = (seed * 16807) % 2147483647
			own = append(own, road{to, 1 + seed%1000})
		}
		roads[place] = own
	}
	return roads
}

func push(heap []stop, s stop) []stop {
	heap = append(heap, s)
	for at := len(heap) - 1; at > 0; {
		above := (at - 1) / 2
		if heap[above].distance <= heap[at].distance {
			break
		}
		heap[above], heap[at] = heap[at], heap[above]
		at = above
	}
	return heap
}

func pop(heap []stop) (stop, []stop) {
	first := heap[0]
	count := len(heap) - 1
	heap[0] = heap[count]
	heap = heap[:count]
	for at := 0; ; {
		least, below := at, at*2+1
		if below < count && heap[below].distance < heap[least].distance {
			least = below
		}
		if below+1 < count && heap[below+1].distance < heap[least].distance {
			least = below + 1
		}
		if least == at {
			return first, heap
		}
		heap[least], heap[at] = heap[at], heap[least]
		at = least
	}
}

func distances(roads [][]road) []int64 {
	best := make([]int64, len(roads))
	for i := range best {
		best[i] = 1000000000
	}
	best[0] = 0
	heap := []stop{{0, 0}}
	for len(heap) > 0 {
		var s stop
		s, heap = pop(heap)
		if s.distance > best[s.place] {
			continue
		}
		for _, r := range roads[s.place] {
			distance := s.distance + r.length
			if distance < best[r.to] {
				best[r.to] = distance
				heap = push(heap, stop{distance, r.to})
			}
		}
	}
	return best
}

func run(n int64) int64 {
	sum := int64(0)
	for _, distance := range distances(graph(n)) {
		sum = (sum*31 + distance) % 1000000007
	}
	return sum
}

func main() { bench(run) }
