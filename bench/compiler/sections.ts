// The parts of a generated module: types, a trait and an effect at its top, then sections of
// ordinary code. Flat text: what is said about Lumen here is what programs are made of.

/** Types, a trait with impls and an effect of module `index`. */
export function declarations(index: number): readonly string[] {
  return `
pub record Entry_${index}
  id: Int
  label: String = "none"
  weight: Float = 1.0 where weight >= 0.0
  tags: list[String] = []
end

enum State_${index}
  Idle
  Running(job: Int, note: String)
  Done(result[Int, String])
end

record Stack_${index}[T](items: list[T], depth: Int)

const LIMIT_${index} = 100 * ${index + 1}

pub trait Shown_${index}
  cell show(self) -> String
  cell show_twice(self) -> String
    self.show() + ", " + self.show()
  end
end

impl Shown_${index} for Entry_${index}
  cell show(self) -> String = "#{self.id} {self.label}"
end

impl Shown_${index} for State_${index}
  cell show(self) -> String
    match self
      Idle -> "idle"
      _ -> "busy"
    end
  end
end

effect Meter_${index}
  cell count(name: String) -> Int
  cell note(text: String) -> Null
end

cell pick_${index}[T](xs: list[T], index: Int, otherwise: T) -> T
  if index >= 0 and index < length(xs) then xs[index] else otherwise
end

cell shown_${index}[T: Shown_${index}](x: T) -> String
  "<{x.show()}>"
end

cell push_${index}[T](stack: Stack_${index}[T], item: T) -> Stack_${index}[T]
  Stack_${index}(items: append(stack.items, item), depth: stack.depth + 1)
end
`
    .slice(1)
    .split("\n");
}

/** About ninety lines of ordinary code. `earlier`: modules that the module imports. */
export function section(index: number, k: number, earlier: readonly number[]): readonly string[] {
  const other = earlier[k % Math.max(1, earlier.length)] ?? index;
  return [...computations(index, k), ...reports(index, k, other), ...effects(index, k)];
}

function computations(index: number, k: number): readonly string[] {
  const id = `${index}_${k}`;
  return `
# Section ${k} of module ${index}: scores and states.
cell score_${id}(n: Int) -> Int
  let total = 0
  for i in 0..n
    if i % 3 == 0
      total = total + i * 2
    elif i % 5 == 0 and total > 10
      total -= i
    else
      total += 1
    end
  end
  total
end

cell describe_${id}(state: State_${index}, entry: Entry_${index}) -> String
  match state
    Idle -> "idle {entry.label}"
    Running(job, note) -> "running {job + 1}: {note}"
    Done(ok(value)) -> "done {value:>8}"
    Done(err(message)) -> "failed: " + message
  end
end

# The result is inferred, and used by others.
cell level_${id}(xs: list[Int], bound: Int)
  let level = 0
  let seen = 0
  while seen < length(xs)
    let x = xs[seen]
    level = if x > bound then level + x else level - 1
    seen += 1
  end
  level * 2 + LIMIT_${index}
end
`
    .slice(1)
    .split("\n");
}

function reports(index: number, k: number, other: number): readonly string[] {
  const id = `${index}_${k}`;
  const first = k === 0 ? "0" : `level_${index}_${k - 1}([limit, ${k}], 3)`;
  return `
cell report_${id}(entries: list[Entry_${index}], limit: Int = 10) -> map[String, Float]
  let sums: map[String, Float] = {}
  let heavy = filter(entries, fn(e) => e.weight > 0.5 and length(e.tags) > 0)
  for entry in heavy
    let known = sums[entry.label] ?? 0.0
    sums[entry.label] = known + entry.weight * 2.0
  end
  let names = map(heavy, fn(e) => upper(e.label))
  let first = pick_${index}(names, ${first}, "none")
  sums[first] = to_float(limit) ?? 0.0
  sums
end

cell parse_${id}(text: String) -> result[Int, String]
  let parts = split(text, ",")
  let value = parse_int(parts[0])?
  if value < 0 then err("negative {value}") else ok(value + score_${id}(3))
end

cell label_${id}(entry: Entry_${index}, state: State_${index}, there: Entry_${other}?) -> String
  let stack = push_${index}(Stack_${index}(items: [entry.label], depth: 1), "top")
  let depth = stack.depth + length(stack.items)
  let far = there?.label ?? "nowhere"
  if depth > 2 and far != "nowhere"
    return shown_${index}(entry) + far
  end
  [shown_${index}(state), entry.show_twice(), far] |> join("/")
end
`
    .slice(1)
    .split("\n");
}

function effects(index: number, k: number): readonly string[] {
  const id = `${index}_${k}`;
  return `
cell measure_${id}(names: list[String]) -> Int / {meter_${index}}
  let total = 0
  for name in names
    total += Meter_${index}.count(name)
  end
  perform Meter_${index}.note("measured {length(names)}")
  total
end

cell measured_${id}(names: list[String], scale: Int) -> (Int, list[String])
  let notes: list[String] = []
  let total = handle
    measure_${id}(names) + score_${id}(scale)
  with
    Meter_${index}.count(name) => resume(length(name) * scale)
    Meter_${index}.note(text) =>
      notes = append(notes, text)
      resume(null)
  end
  (total, notes)
end
`
    .slice(1)
    .split("\n");
}

/** The cell through which other modules use module `index`. */
export function entryCell(index: number, earlier: readonly number[]): readonly string[] {
  return [
    `pub cell run_mod_${index}(n: Int) -> Int`,
    "  let bias = 7",
    ...earlier.map((i) => `  bias = bias + run_mod_${i}(n % 3)`),
    `  score_${index}_0(n) + bias`,
    "end",
    "",
  ];
}
