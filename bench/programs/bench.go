// What every Go peer shares: `PEER N ROUNDS` prints the result, then the milliseconds of each round.

package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

func bench(run func(int64) int64) {
	n, err := strconv.ParseInt(os.Args[1], 10, 64)
	if err != nil {
		panic(err)
	}
	rounds, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	times := make([]float64, rounds)
	result := int64(0)
	for i := range times {
		start := time.Now()
		result = run(n)
		times[i] = float64(time.Since(start).Nanoseconds()) / 1e6
	}
	fmt.Println(result)
	for _, ms := range times {
		fmt.Printf("%.3f\n", ms)
	}
}
