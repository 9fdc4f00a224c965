// Breaking lines: what is computed stands in main.lm.md.

package main

import "strings"

var syllables = strings.Split("ka ro mi ten so lu fer an dit o bel gra", " ")

func document(n int64) string {
	var text strings.Builder
	seed := int64(42)
	for i := int64(1); i <= n; i++ {
		seed = (seed * 16807) % 2147483647
		text.WriteString(syllables[seed%12])
		text.WriteString(syllables[seed/12%12])
		if seed%3 == 0 {
			text.WriteString(syllables[seed/144%12])
		}
		switch {
		case i%200 == 0:
			text.WriteString(".\n\n")
		case i%12 == 0:
			text.WriteString(". ")
		default:
			text.WriteByte(' ')
		}
	}
	return text.String()
}

func filled(words []string, width int) string {
	gaps := len(words) - 1
	if gaps < 1 {
		return strings.Join(words, " ")
	}
	blanks := width
	for _, word := range words {
		blanks -= len(word)
	}
	var line strings.Builder
	line.WriteString(words[0])
	for i := 1; i <= gaps; i++ {
		line.WriteString(strings.Repeat(" ", blanks*i/gaps-blanks*(i-1)/gaps))
		line.WriteString(words[i])
	}
	return line.String()
}

func setParagraph(paragraph string) []string {
	var set, line []string
	width := 0
	begins := true
	for _, word := range strings.Split(paragraph, " ") {
		if word == "" {
			continue
		}
		shown := word
		if begins {
			shown = strings.ToUpper(word[:1]) + strings.ToLower(word[1:])
		}
		begins = strings.HasSuffix(word, ".")
		if width+len(shown)+len(line) > 72 {
			if len(set)%2 == 0 {
				set = append(set, strings.Join(line, " "))
			} else {
				set = append(set, filled(line, 72))
			}
			line = nil
			width = 0
		}
		line = append(line, shown)
		width += len(shown)
	}
	return append(set, strings.Join(line, " "))
}

func run(n int64) int64 {
	sum := int64(0)
	for _, paragraph := range strings.Split(document(n), "\n\n") {
		for _, line := range setParagraph(paragraph) {
			blanks := int64(len(strings.Split(line, " ")))
			capital := int64(1)
			if line != "" && line[0] >= 'A' && line[0] <= 'Z' {
				capital = int64(line[0])
			}
			sum = (sum*31 + int64(len(line))*blanks + capital) % 1000000007
		}
	}
	return sum
}

func main() { bench(run) }
