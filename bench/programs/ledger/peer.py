# A ledger: what is computed stands in main.lm.md.

from harness import bench


def document(n):
    lines = []
    seed = 42
    for i in range(n):
        seed = (seed * 16807) % 2147483647
        kind = "debit" if seed % 2 == 0 else "credit"
        account = f"acc-{seed % 997}"
        fault = i % 150
        if fault == 49:
            lines.append(f"{i},{account},{seed % 100000}")
        elif fault == 99:
            lines.append(f"{i},{account},12x,{kind}")
        elif fault == 149:
            lines.append(f"{i},{account},{seed % 100000},loan")
        else:
            lines.append(f"{i},{account},{seed % 100000},{kind}")
    return "\n".join(lines)


def read(line):
    parts = line.split(",")
    if len(parts) != 4:
        raise ValueError("fields")
    _, account, amount, kind = parts
    try:
        cents = int(amount)
    except ValueError:
        raise ValueError("amount") from None
    if kind not in ("debit", "credit"):
        raise ValueError("kind")
    return account, cents, kind == "debit"


def run(n):
    accounts = {}
    faults = {}
    for line in document(n).splitlines():
        try:
            account, cents, is_debit = read(line)
        except ValueError as error:
            reason = str(error)
            faults[reason] = faults.get(reason, 0) + 1
            continue
        balance, rows, largest = accounts.get(account, (0, 0, 0))
        change = cents if is_debit else -cents
        accounts[account] = (balance + change, rows + 1, max(largest, cents))
    total = 0
    for name, (balance, rows, largest) in sorted(accounts.items()):
        part = balance % 1000003 + rows * 7 + largest + len(name)
        total = (total * 31 + part) % 1000000007
    for reason, count in sorted(faults.items()):
        total = (total * 31 + len(reason) * count) % 1000000007
    return total


bench(run)
