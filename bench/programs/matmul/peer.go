// Product of matrices: what is computed stands in main.lm.md.

package main

func matrix(n int64, seed float64) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = make([]float64, n)
		for j := range rows[i] {
			rows[i][j] = seed * float64(i-j) * float64(i+j)
		}
	}
	return rows
}

func run(n int64) int64 {
	a, b, c := matrix(n, 0.5), matrix(n, 0.25), matrix(n, 0)
	for i, left := range a {
		for j := range c[i] {
			sum := 0.0
			for k := range left {
				sum += left[k] * b[k][j]
			}
			c[i][j] = sum
		}
	}
	trace := 0.0
	for i := range c {
		trace += c[i][i]
	}
	return int64(trace)
}

func main() { bench(run) }
