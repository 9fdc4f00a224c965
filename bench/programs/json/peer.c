// A JSON parser: what is computed stands in main.lm.md.

#include "../bench.h"

typedef enum { NIL, FLAG, NUMBER, TEXT, ITEMS, FIELDS } Kind;

typedef struct Node {
  Kind kind;
  int64_t value, length;
  char *text;
  char **names;
  struct Node *nodes;
} Node;

static const char *at;

static char *document(int64_t n) {
  char *text = malloc(n * 90 + 3), *to = text;
  *to++ = '[';
  for (int64_t i = 0; i < n; i++)
    to += sprintf(to, "%s{\"id\": %ld, \"name\": \"item %ld\", \"tags\": [\"a\", \"b\", null], \"on\": %s}",
                  i > 0 ? ", " : "", (long)i, (long)i, i % 2 == 0 ? "true" : "false");
  *to++ = ']';
  *to = 0;
  return text;
}

static void skip(void) {
  while (*at == ' ') at++;
}

static char *string(int64_t *length) {
  const char *start = ++at;
  while (*at != '"') at++;
  *length = at - start;
  char *text = malloc(*length + 1);
  memcpy(text, start, *length);
  text[*length] = 0;
  at++;
  return text;
}

static Node parse(void);

static Node many(Node node, char close) {
  int64_t room = 0, length;
  at++;
  for (skip(); *at != close; skip()) {
    if (node.length == room) {
      room = room == 0 ? 4 : 2 * room;
      node.nodes = realloc(node.nodes, room * sizeof *node.nodes);
      if (node.kind == FIELDS) node.names = realloc(node.names, room * sizeof *node.names);
    }
    if (node.kind == FIELDS) {
      node.names[node.length] = string(&length);
      skip();
      at++;
    }
    node.nodes[node.length] = parse();
    node.length++;
    skip();
    if (*at == ',') at++;
  }
  at++;
  return node;
}

static Node parse(void) {
  Node node = { NIL, 0, 0, NULL, NULL, NULL };
  skip();
  switch (*at) {
    case '{': node.kind = FIELDS; return many(node, '}');
    case '[': node.kind = ITEMS; return many(node, ']');
    case '"': node.kind = TEXT; node.text = string(&node.length); return node;
    case 'n': at += 4; return node;
    case 't': at += 4; node.kind = FLAG; node.value = 1; return node;
    case 'f': at += 5; node.kind = FLAG; return node;
    default: node.kind = NUMBER;
  }
  for (; *at >= '0' && *at <= '9'; at++) node.value = node.value * 10 + *at - '0';
  return node;
}

static int64_t total(const Node *node) {
  switch (node->kind) {
    case NIL: return 0;
    case TEXT: return node->length;
    case FLAG:
    case NUMBER: return node->value;
    default: break;
  }
  int64_t sum = 0;
  for (int64_t i = 0; i < node->length; i++) sum += total(&node->nodes[i]);
  return sum;
}

static void release(Node *node) {
  if (node->kind == TEXT) free(node->text);
  if (node->kind != ITEMS && node->kind != FIELDS) return;
  for (int64_t i = 0; i < node->length; i++) {
    release(&node->nodes[i]);
    if (node->kind == FIELDS) free(node->names[i]);
  }
  free(node->nodes);
  free(node->names);
}

static int64_t run(int64_t n) {
  char *text = document(n);
  at = text;
  Node root = parse();
  int64_t sum = total(&root);
  release(&root);
  free(text);
  return sum;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
