// A ledger: what is computed stands in main.lm.md.

#include "../bench.h"

enum { ACCOUNTS = 4096, ROW = 64 };

typedef struct { char name[16]; int64_t balance, rows, largest; } Account;

static char *document(int64_t n) {
  char *text = malloc(n * ROW + 1), *end = text;
  int64_t seed = 42;
  for (int64_t i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647;
    const char *kind = seed % 2 == 0 ? "debit" : "credit";
    long row = i, account = seed % 997, cents = seed % 100000;
    if (i > 0) *end++ = '\n';
    switch (i % 150) {
      case 49: end += sprintf(end, "%ld,acc-%ld,%ld", row, account, cents); break;
      case 99: end += sprintf(end, "%ld,acc-%ld,12x,%s", row, account, kind); break;
      case 149: end += sprintf(end, "%ld,acc-%ld,%ld,loan", row, account, cents); break;
      default: end += sprintf(end, "%ld,acc-%ld,%ld,%s", row, account, cents, kind);
    }
  }
  *end = 0;
  return text;
}

static Account *account_of(Account *accounts, const char *name) {
  uint64_t hash = 14695981039346656037u;
  for (const char *c = name; *c; c++) hash = (hash ^ (unsigned char)*c) * 1099511628211u;
  for (uint64_t i = hash % ACCOUNTS;; i = (i + 1) % ACCOUNTS)
    if (accounts[i].name[0] == 0 || strcmp(accounts[i].name, name) == 0) return &accounts[i];
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const Account *)a)->name, ((const Account *)b)->name);
}

// The index of the mistake of a row, ascending by its name, or -1.
static int read_row(char *line, char **account, int64_t *cents, int *is_debit) {
  char *parts[5];
  int count = 0;
  for (char *part = line; part != NULL && count < 5;) {
    char *comma = strchr(part, ',');
    if (comma != NULL) *comma++ = 0;
    parts[count++] = part;
    part = comma;
  }
  if (count != 4) return 1;
  char *end;
  *cents = strtoll(parts[2], &end, 10);
  if (*end != 0 || end == parts[2]) return 0;
  *is_debit = strcmp(parts[3], "debit") == 0;
  if (!*is_debit && strcmp(parts[3], "credit") != 0) return 2;
  *account = parts[1];
  return -1;
}

static int64_t mod(int64_t a, int64_t b) { return (a % b + b) % b; }

static int64_t run(int64_t n) {
  static const char *const MISTAKES[] = {"amount", "fields", "kind"};
  char *text = document(n);
  Account *accounts = calloc(ACCOUNTS, sizeof *accounts);
  int64_t faults[3] = {0};
  for (char *line = text; line != NULL;) {
    char *next = strchr(line, '\n');
    if (next != NULL) *next++ = 0;
    char *name;
    int64_t cents;
    int is_debit, mistake = read_row(line, &name, &cents, &is_debit);
    if (mistake >= 0) faults[mistake]++;
    else {
      Account *account = account_of(accounts, name);
      strcpy(account->name, name);
      account->balance += is_debit ? cents : -cents;
      account->rows++;
      if (cents > account->largest) account->largest = cents;
    }
    line = next;
  }
  int64_t used = 0, sum = 0;
  for (int i = 0; i < ACCOUNTS; i++)
    if (accounts[i].name[0] != 0) accounts[used++] = accounts[i];
  qsort(accounts, used, sizeof *accounts, by_name);
  for (int64_t i = 0; i < used; i++) {
    Account *a = &accounts[i];
    int64_t part = mod(a->balance, 1000003) + a->rows * 7 + a->largest + (int64_t)strlen(a->name);
    sum = (sum * 31 + part) % 1000000007;
  }
  for (int i = 0; i < 3; i++)
    if (faults[i] > 0) sum = (sum * 31 + (int64_t)strlen(MISTAKES[i]) * faults[i]) % 1000000007;
  free(accounts);
  free(text);
  return sum;
}

int main(int argc, char **argv) { return bench_main(argc, argv, run); }
