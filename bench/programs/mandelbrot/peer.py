# The Mandelbrot set: what is computed stands in main.lm.md.

from harness import bench


def run(n):
    inside = 0
    for py in range(n):
        ci = 2.0 * py / n - 1.0
        for px in range(n):
            cr = 2.0 * px / n - 1.5
            zr = zi = tr = ti = 0.0
            k = 0
            while k < 50 and tr + ti <= 4.0:
                zi = 2.0 * zr * zi + ci
                zr = tr - ti + cr
                tr = zr * zr
                ti = zi * zi
                k += 1
            if tr + ti <= 4.0:
                inside += 1
    return inside


bench(run)
