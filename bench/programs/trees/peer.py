# Binary trees: what is computed stands in main.lm.md.

from harness import bench

LEAF = (None, None)


def tree(depth):
    return LEAF if depth == 0 else (tree(depth - 1), tree(depth - 1))


def size(node):
    left, right = node
    return 1 if left is None else 1 + size(left) + size(right)


def run(n):
    return sum(size(tree(n)) for _ in range(4))


bench(run)
