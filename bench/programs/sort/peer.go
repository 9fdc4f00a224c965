// Quicksort: what is computed stands in main.lm.md.

package main

func run(n int64) int64 {
	xs := []int64{}
	seed := int64(42)
	for i := int64(0); i < n; i++ {
		seed = (seed * 16807) % 2147483647
		xs = append(xs, seed)
	}
	stack := []int64{0, n - 1}
	for len(stack) > 0 {
		lo, hi := stack[len(stack)-2], stack[len(stack)-1]
		stack = stack[:len(stack)-2]
		if lo >= hi {
			continue
		}
		pivot := xs[(lo+hi)/2]
		i, j := lo, hi
		for i <= j {
			for xs[i] < pivot {
				i++
			}
			for xs[j] > pivot {
				j--
			}
			if i <= j {
				xs[i], xs[j] = xs[j], xs[i]
				i++
				j--
			}
		}
		stack = append(stack, lo, j, i, hi)
	}
	sum := int64(0)
	for i := int64(0); i < n; i += 1000 {
		sum = (sum*31 + xs[i]) % 1000000007
	}
	return sum
}

func main() { bench(run) }
