# Product of matrices: what is computed stands in main.lm.md.

from harness import bench


def matrix(n, seed):
    return [[seed * (i - j) * (i + j) for j in range(n)] for i in range(n)]


def product(a, b, n):
    out = []
    for left in a:
        row = []
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += left[k] * b[k][j]
            row.append(total)
        out.append(row)
    return out


def run(n):
    c = product(matrix(n, 0.5), matrix(n, 0.25), n)
    return int(sum(c[i][i] for i in range(n)))


bench(run)
