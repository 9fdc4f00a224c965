# Netting by tiles, which are functions here: what is computed stands in main.lm.md.

from harness import bench

MODULUS = 2147483647


def mix(a, b):
    return (a * 48271 + b * 16807 + 12345) % MODULUS


def booked(positions, trades):
    after = positions[:]
    for buyer, seller, price, size in trades:
        amount = price * size
        after[buyer] -= amount
        after[seller] += amount
    return after


def digest(day, positions):
    total = day
    for position in positions:
        total = mix(total, position % MODULUS)
    return total


def node(left, right):
    return mix(mix(1, left), right)


def trade(seed):
    buyer = seed % 64
    seller = (buyer + 1 + seed // 64 % 63) % 64
    return buyer, seller, 1 + seed // 4096 % 500, 1 + seed // 32768 % 100


def root(leaves):
    level = leaves
    while len(level) > 1:
        above = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2 == 1:
            above.append(level[-1])
        level = above
    return level[0]


def run(n):
    positions = [0] * 64
    leaves = []
    trades = []
    seed = 42
    for i in range(1, n + 1):
        seed = (seed * 16807) % MODULUS
        trades.append(trade(seed))
        if i % 100 == 0 or i == n:
            positions = booked(positions, trades)
            leaves.append(digest(len(leaves), positions))
            trades = []
    return root(leaves)


bench(run)
