// A calculator: what is computed stands in main.lm.md.

package main

import (
	"fmt"
	"sort"
)

type token struct {
	kind  byte // '0' a number, 'a' a name, '+' a mark
	text  string
	value int64
}

type tree interface{ value(map[string]int64) int64 }

type literal int64
type variable string
type negated struct{ operand tree }
type binary struct {
	op          string
	left, right tree
}

func statement(i, seed int64) string {
	a, b, c := seed%50, seed%47, seed%1000
	switch i % 4 {
	case 0:
		return fmt.Sprintf("v%d = (v%d + %d) * v%d - %d", i%50, a, c, b, i%97)
	case 1:
		return fmt.Sprintf("v%d = v%d * %d + v%d / (%d + 1)", i%50, a, b+1, b, a)
	case 2:
		return fmt.Sprintf("v%d = -v%d + ((v%d - %d) * 3 + %d) * 2", i%50, a, b, c, i%11)
	}
	return fmt.Sprintf("v%d = %d * %d / (%d + 1) - -v%d * (v%d + v%d)", i%50, c, c, b, a, b, a)
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func tokens(line string) []token {
	var found []token
	for i := 0; i < len(line); {
		c := line[i]
		start := i
		switch {
		case c == ' ':
			i++
		case isDigit(c):
			value := int64(0)
			for ; i < len(line) && isDigit(line[i]); i++ {
				value = value*10 + int64(line[i]-'0')
			}
			found = append(found, token{kind: '0', value: value})
		case isLetter(c):
			for i < len(line) && (isLetter(line[i]) || isDigit(line[i])) {
				i++
			}
			found = append(found, token{kind: 'a', text: line[start:i]})
		default:
			i++
			found = append(found, token{kind: '+', text: line[start:i]})
		}
	}
	return found
}

type parser struct {
	all []token
	at  int
}

func power(op string) int {
	switch op {
	case "+", "-":
		return 1
	case "*", "/":
		return 2
	}
	return 0
}

func (p *parser) primary() tree {
	t := p.all[p.at]
	p.at++
	switch {
	case t.kind == '0':
		return literal(t.value)
	case t.kind == 'a':
		return variable(t.text)
	case t.text == "-":
		return negated{p.primary()}
	}
	inner := p.expression(1)
	p.at++
	return inner
}

func (p *parser) expression(least int) tree {
	left := p.primary()
	for p.at < len(p.all) {
		op := p.all[p.at].text
		strength := power(op)
		if strength < least {
			break
		}
		p.at++
		left = binary{op, left, p.expression(strength + 1)}
	}
	return left
}

func mod(a, b int64) int64 { return (a%b + b) % b }

func (t literal) value(map[string]int64) int64 { return int64(t) }

func (t variable) value(variables map[string]int64) int64 {
	if known, ok := variables[string(t)]; ok {
		return known
	}
	return 1
}

func (t negated) value(variables map[string]int64) int64 { return -t.operand.value(variables) }

func (t binary) value(variables map[string]int64) int64 {
	a, b := t.left.value(variables), t.right.value(variables)
	switch t.op {
	case "+":
		return mod(a+b, 1000003)
	case "-":
		return mod(a-b, 1000003)
	case "*":
		return mod(a*b, 1000003)
	}
	if b == 0 {
		return 0
	}
	return (a - mod(a, b)) / b
}

func run(n int64) int64 {
	variables := map[string]int64{}
	seed := int64(42)
	for i := int64(0); i < n; i++ {
		seed = (seed * 16807) % 2147483647
		all := tokens(statement(i, seed))
		p := parser{all, 2}
		variables[all[0].text] = p.expression(1).value(variables)
	}
	names := make([]string, 0, len(variables))
	for name := range variables {
		names = append(names, name)
	}
	sort.Strings(names)
	sum := int64(0)
	for _, name := range names {
		sum = (sum*31 + int64(len(name)) + mod(variables[name], 1000003)) % 1000000007
	}
	return sum
}

func main() { bench(run) }
