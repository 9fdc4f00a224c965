// The sieve of Eratosthenes: what is computed stands in main.lm.md.

package main

func run(n int64) int64 {
	composite := make([]bool, n)
	count := int64(0)
	for i := int64(2); i < n; i++ {
		if composite[i] {
			continue
		}
		count++
		for j := i * i; j < n; j += i {
			composite[j] = true
		}
	}
	return count
}

func main() { bench(run) }
