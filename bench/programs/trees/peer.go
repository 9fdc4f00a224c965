// Binary trees: what is computed stands in main.lm.md.

package main

type node struct{ left, right *node }

func tree(depth int64) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{tree(depth - 1), tree(depth - 1)}
}

func size(t *node) int64 {
	if t.left == nil {
		return 1
	}
	return 1 + size(t.left) + size(t.right)
}

func run(n int64) int64 {
	total := int64(0)
	for i := 0; i < 4; i++ {
		total += size(tree(n))
	}
	return total
}

func main() { bench(run) }
