// Products modulo a prime: what is computed stands in main.lm.md.

package main

func run(n int64) int64 {
	x, sum := int64(123456789), int64(0)
	for i := int64(0); i < n; i++ {
		x = (x*1812433253 + 12345) % 2147483647
		sum += x % 1000
	}
	return sum
}

func main() { bench(run) }
