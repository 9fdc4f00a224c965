// Netting by tiles, which are functions here: what is computed stands in main.lm.md.

package main

import "slices"

const modulus = 2147483647

type trade struct{ buyer, seller, price, size int64 }

func mix(a, b int64) int64 { return (a*48271 + b*16807 + 12345) % modulus }

func booked(positions []int64, trades []trade) []int64 {
	after := slices.Clone(positions)
	for _, t := range trades {
		amount := t.price * t.size
		after[t.buyer] -= amount
		after[t.seller] += amount
	}
	return after
}

func digest(day int64, positions []int64) int64 {
	sum := day
	for _, position := range positions {
		sum = mix(sum, (position%modulus+modulus)%modulus)
	}
	return sum
}

func node(left, right int64) int64 { return mix(mix(1, left), right) }

func tradeOf(seed int64) trade {
	buyer := seed % 64
	return trade{buyer, (buyer + 1 + seed/64%63) % 64, 1 + seed/4096%500, 1 + seed/32768%100}
}

func root(leaves []int64) int64 {
	level := leaves
	for len(level) > 1 {
		var above []int64
		for i := 0; i+1 < len(level); i += 2 {
			above = append(above, node(level[i], level[i+1]))
		}
		if len(level)%2 == 1 {
			above = append(above, level[len(level)-1])
		}
		level = above
	}
	return level[0]
}

func run(n int64) int64 {
	positions := make([]int64, 64)
	var leaves []int64
	var trades []trade
	seed := int64(42)
	for i := int64(1); i <= n; i++ {
		seed = (seed * 16807) % modulus
		trades = append(trades, tradeOf(seed))
		if i%100 == 0 || i == n {
			positions = booked(positions, trades)
			leaves = append(leaves, digest(int64(len(leaves)), positions))
			trades = nil
		}
	}
	return root(leaves)
}

func main() { bench(run) }
