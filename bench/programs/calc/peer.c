// A calculator: what is computed stands in main.lm.md.

#include "../bench.h"

enum { TOKENS = 64, NODES = 64, VARIABLES = 50 };

typedef struct { char kind, mark; int64_t value; } Token;  // '0' a number, 'a' a name, '+' a mark

typedef struct Tree {
  char kind;  // '0' a literal, 'a' a variable, 'n' a negation, or an operator
  int64_t value;
  const struct Tree *left, *right;
} Tree;

// Trees of one line stand in one block, which is used again.
typedef struct { const Token *all; int at, count, used; Tree nodes[NODES]; } Parser;

static void statement(char *line, long i, long seed) {
  long a = seed % 50, b = seed % 47, c = seed % 1000;
  switch (i % 4) {
    case 0: sprintf(line, "v%ld = (v%ld + %ld) * v%ld - %ld", i % 50, a, c, b, i % 97); break;
    case 1: sprintf(line, "v%ld = v%ld * %ld + v%ld / (%ld + 1)", i % 50, a, b + 1, b, a); break;
    case 2:
      sprintf(line, "v%ld = -v%ld + ((v%ld - %ld) * 3 + %ld) * 2", i % 50, a, b, c, i % 11);
      break;
    default:
      sprintf(line, "v%ld = %ld * %ld / (%ld + 1) - -v%ld * (v%ld + v%ld)", i % 50, c, c, b, a, b, a);
  }
}

// A name is `v` and a number, which stands for it.
static int tokens(const char *line, Token *found) {
  int count = 0;
  for (const char *at = line; *at;) {
    char *end = (char *)at + 1;
    if (*at >= '0' && *at <= '9') found[count++] = (Token){'0', 0, strtoll(at, &end, 10)};
    else if (*at >= 'a' && *at <= 'z') found[count++] = (Token){'a', 0, strtoll(at + 1, &end, 10)};
    else if (*at != ' ') found[count++] = (Token){'+', *at, 0};
    at = end;
  }
  return count;
}

static int power(char op) {
  return op == '+' || op == '-' ? 1 : op == '*' || op == '/' ? 2 : 0;
}

static const Tree *expression(Parser *p, int least);

static const Tree *node(Parser *p, Tree tree) {
  p->nodes[p->used] = tree;
  return &p->nodes[p->used++];
}

static const Tree *primary(Parser *p) {
  Token token = p->all[p->at++];
  if (token.kind != '+') return node(p, (Tree){token.kind, token.value, NULL, NULL});
  if (token.mark == '-') return node(p, (Tree){'n', 0, primary(p), NULL});
  const Tree *inner = expression(p, 1);
  p->at++;
  return inner;
}

static const Tree *expression(Parser *p, int least) {
  const Tree *left = primary(p);
  while (p->at < p->count && power(p->all[p->at].mark) >= least) {
    char op = p->all[p->at++].mark;
    left = node(p, (Tree){op, 0, left, expression(p, power(op) + 1)});
  }
  return left;
}

static int64_t mod(int64_t a, int64_t b) { return (a % b + b) % b; }

static int64_t value(const Tree *tree, const int64_t *variables) {
  if (tree->kind == '0') return tree->value;
  if (tree->kind == 'a') return variables[tree->value];
  int64_t a = value(tree->left, variables);
  if (tree->kind == 'n') return -a;
  int64_t b = value(tree->right, variables);
  switch (tree->kind) {
    case '+': return mod(a + b, 1000003);
    case '-': return mod(a - b, 1000003);
    case '*': return mod(a * b, 1000003);
    default: return b == 0 ? 0 : (a - mod(a, b)) / b;
  }
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static int64_t run(int64_t n) {
  int64_t variables[VARIABLES], seed = 42, sum = 0;
  int is_known[VARIABLES] = {0};
  for (int i = 0; i < VARIABLES; i++) variables[i] = 1;
  for (int64_t i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647;
    char line[128];
    Token all[TOKENS];
    statement(line, i, seed);
    int count = tokens(line, all);
    Parser p = {all, 2, count, 0, {{0}}};
    variables[all[0].value] = value(expression(&p, 1), variables);
    is_known[all[0].value] = 1;
  }
  char names[VARIABLES][8];
  int known = 0;
  for (int i = 0; i < VARIABLES; i++)
    if (is_known[i]) sprintf(names[known++], "v%d", i);
  qsort(names, known, sizeof *names, by_name);
  for (int i = 0; i < known; i++) {
    int64_t number = mod(variables[atoi(names[i] + 1)], 1000003);
    sum = (sum * 31 + (int64_t)strlen(names[i]) + number) % 1000000007;
  }
  return sum;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
