// Binary trees: what is computed stands in main.lm.md.

#include "../bench.h"

typedef struct Tree { struct Tree *left, *right; } Tree;

static Tree *tree(int64_t depth) {
  Tree *t = malloc(sizeof *t);
  t->left = depth == 0 ? NULL : tree(depth - 1);
  t->right = depth == 0 ? NULL : tree(depth - 1);
  return t;
}

static int64_t size_of(const Tree *t) {
  return t->left == NULL ? 1 : 1 + size_of(t->left) + size_of(t->right);
}

static void release(Tree *t) {
  if (t->left != NULL) {
    release(t->left);
    release(t->right);
  }
  free(t);
}

static int64_t run(int64_t n) {
  int64_t total = 0;
  for (int i = 0; i < 4; i++) {
    Tree *t = tree(n);
    total += size_of(t);
    release(t);
  }
  return total;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
