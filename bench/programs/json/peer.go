// A JSON parser: what is computed stands in main.lm.md.

package main

import (
	"fmt"
	"strings"
)

type kind int

const (
	null kind = iota
	flag
	number
	text
	items
	fields
)

type node struct {
	kind  kind
	value int64
	text  string
	names []string
	nodes []node
}

func document(n int64) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(`{"id": %d, "name": "item %d", "tags": ["a", "b", null], "on": %t}`, i, i, i%2 == 0)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

type parser struct {
	text string
	at   int
}

func (p *parser) skip() {
	for p.text[p.at] == ' ' {
		p.at++
	}
}

func (p *parser) str() string {
	p.at++
	start := p.at
	for p.text[p.at] != '"' {
		p.at++
	}
	p.at++
	return p.text[start : p.at-1]
}

func (p *parser) many(out node, end byte) node {
	p.at++
	for p.skip(); p.text[p.at] != end; p.skip() {
		if out.kind == fields {
			out.names = append(out.names, p.str())
			p.skip()
			p.at++
		}
		out.nodes = append(out.nodes, p.parse())
		p.skip()
		if p.text[p.at] == ',' {
			p.at++
		}
	}
	p.at++
	return out
}

func (p *parser) parse() node {
	p.skip()
	switch p.text[p.at] {
	case '{':
		return p.many(node{kind: fields}, '}')
	case '[':
		return p.many(node{kind: items}, ']')
	case '"':
		return node{kind: text, text: p.str()}
	case 'n':
		p.at += 4
		return node{}
	case 't':
		p.at += 4
		return node{kind: flag, value: 1}
	case 'f':
		p.at += 5
		return node{kind: flag}
	}
	value := int64(0)
	for ; p.text[p.at] >= '0' && p.text[p.at] <= '9'; p.at++ {
		value = value*10 + int64(p.text[p.at]) - '0'
	}
	return node{kind: number, value: value}
}

func (n *node) total() int64 {
	if n.kind == text {
		return int64(len(n.text))
	}
	sum := n.value
	for i := range n.nodes {
		sum += n.nodes[i].total()
	}
	return sum
}

func run(n int64) int64 {
	p := parser{text: document(n)}
	root := p.parse()
	return root.total()
}

func main() { bench(run) }
