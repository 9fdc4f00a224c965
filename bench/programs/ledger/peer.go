// A ledger: what is computed stands in main.lm.md.

package main

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

type row struct {
	account string
	cents   int64
	isDebit bool
}

type account struct{ balance, rows, largest int64 }

func document(n int64) string {
	var text strings.Builder
	seed := int64(42)
	for i := int64(0); i < n; i++ {
		seed = (seed * 16807) % 2147483647
		kind := "credit"
		if seed%2 == 0 {
			kind = "debit"
		}
		if i > 0 {
			text.WriteByte('\n')
		}
		switch i % 150 {
		case 49:
			fmt.Fprintf(&text, "%d,acc-%d,%d", i, seed%997, seed%100000)
		case 99:
			fmt.Fprintf(&text, "%d,acc-%d,12x,%s", i, seed%997, kind)
		case 149:
			fmt.Fprintf(&text, "%d,acc-%d,%d,loan", i, seed%997, seed%100000)
		default:
			fmt.Fprintf(&text, "%d,acc-%d,%d,%s", i, seed%997, seed%100000, kind)
		}
	}
	return text.String()
}

func read(line string) (row, error) {
	parts := strings.Split(line, ",")
	if len(parts) != 4 {
		return row{}, errors.New("fields")
	}
	cents, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return row{}, errors.New("amount")
	}
	if parts[3] != "debit" && parts[3] != "credit" {
		return row{}, errors.New("kind")
	}
	return row{parts[1], cents, parts[3] == "debit"}, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

func mod(a, b int64) int64 { return (a%b + b) % b }

func run(n int64) int64 {
	accounts := map[string]account{}
	faults := map[string]int64{}
	for _, line := range strings.Split(document(n), "\n") {
		r, err := read(line)
		if err != nil {
			faults[err.Error()]++
			continue
		}
		change := r.cents
		if !r.isDebit {
			change = -change
		}
		known := accounts[r.account]
		accounts[r.account] = account{known.balance + change, known.rows + 1, max(known.largest, r.cents)}
	}
	sum := int64(0)
	for _, name := range sortedKeys(accounts) {
		a := accounts[name]
		part := mod(a.balance, 1000003) + a.rows*7 + a.largest + int64(len(name))
		sum = (sum*31 + part) % 1000000007
	}
	for _, reason := range sortedKeys(faults) {
		sum = (sum*31 + int64(len(reason))*faults[reason]) % 1000000007
	}
	return sum
}

func main() { bench(run) }
