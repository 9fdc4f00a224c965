// The Mandelbrot set: what is computed stands in main.lm.md.

package main

func run(n int64) int64 {
	inside := int64(0)
	for py := int64(0); py < n; py++ {
		ci := 2*float64(py)/float64(n) - 1
		for px := int64(0); px < n; px++ {
			cr := 2*float64(px)/float64(n) - 1.5
			zr, zi, tr, ti := 0.0, 0.0, 0.0, 0.0
			for k := 0; k < 50 && tr+ti <= 4; k++ {
				zi = 2*zr*zi + ci
				zr = tr - ti + cr
				tr = zr * zr
				ti = zi * zi
			}
			if tr+ti <= 4 {
				inside++
			}
		}
	}
	return inside
}

func main() { bench(run) }
