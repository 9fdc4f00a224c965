// Counting words: what is computed stands in main.lm.md.

package main

import (
	"fmt"
	"sort"
)

func run(n int64) int64 {
	vocabulary := make([]string, 5000)
	for i := range vocabulary {
		vocabulary[i] = fmt.Sprintf("word%d", i*7919%5000)
	}
	counts := map[string]int64{}
	seed := int64(42)
	for i := int64(0); i < n; i++ {
		seed = (seed * 16807) % 2147483647
		counts[vocabulary[seed%5000]]++
	}
	words := make([]string, 0, len(counts))
	for word := range counts {
		words = append(words, word)
	}
	sort.Strings(words)
	sum := int64(0)
	for _, word := range words {
		sum = (sum*31 + int64(len(word))*counts[word]) % 1000000007
	}
	return sum
}

func main() { bench(run) }
