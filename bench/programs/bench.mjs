// What every JavaScript peer shares: `PEER N ROUNDS` prints the result, then the milliseconds of
// each round, and the peak of the memory in bytes.

/** Runs the function with the argument that the command line names, as often as it says. */
export function bench(run) {
  const [n, rounds] = process.argv.slice(2).map(Number);
  const times = [];
  let result = null;
  for (let i = 0; i < rounds; i++) {
    const start = process.hrtime.bigint();
    result = run(n);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  // The platform gives KiB.
  const peak = `# peak ${process.resourceUsage().maxRSS * 1024}`;
  console.log([result, ...times.map((ms) => ms.toFixed(3)), peak].join("\n"));
}
