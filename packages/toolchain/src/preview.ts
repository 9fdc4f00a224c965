// `lumen preview`: runs a sequence in estimate mode, without a trace, and says what each tile took
// beside what was expected of it (spec/formats.md 21, 25).

import {
  addCapped,
  type CostModel,
  proofCycles,
  RV32IM_1,
  segmentPlan,
  selectCostModel,
} from "@lumen/core/cost";
import { ok } from "@lumen/core/result";
import { compareStrings } from "@lumen/core/value";
import { ESTIMATE, type LoadedTile, type ResourceEstimate } from "@lumen/raster";
import { estimateTile, measuredCycles } from "./measured.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { driveSequence } from "./run.ts";
import type { RunReport } from "./run-report.ts";
import { openForSequence, type SequenceRunRequest, unrecorded } from "./run-sequence.ts";
import { openBackend } from "./run-tiles.ts";
import { type BoundTile, projectTiles } from "./tiles.ts";

/** What is previewed. */
export interface PreviewRequest extends Omit<SequenceRunRequest, "prove" | "verify"> {
  /** Name of the cost model; `rv32im-1` when undefined. */
  readonly model: string | undefined;
}

/** What one tile took. Cycles are null where the back end does not count them. */
export interface PreviewedTile {
  readonly tileId: string;
  readonly executions: number;
  readonly cycles: number | null;
  readonly cyclesMax: number | null;
  readonly proofCycles: number | null;
  readonly segments: number | null;
  /** Of one execution. */
  readonly estimate: ResourceEstimate;
}

/** What a sequence would take. */
export interface PreviewReport {
  readonly backend: string;
  readonly model: string;
  readonly tiles: readonly PreviewedTile[];
  readonly run: RunReport;
}

/** Runs the sequence and counts. */
export async function preview(request: PreviewRequest): Promise<UseCase<PreviewReport>> {
  const model = selectCostModel(request.model ?? RV32IM_1.name);
  if (!model.ok) return refuse(model.error);
  const opened = await openForSequence(request);
  if (!opened.ok) return opened;
  const { project } = opened.value;
  const backend = openBackend(request, model.value);
  if (!backend.ok) return refuse(backend.error);
  const { note } = request;
  const tiles = await projectTiles(project, { backend: backend.value, mode: ESTIMATE, note });
  if (!tiles.ok) return refuse(tiles.error);
  const counted = new Counts(tiles.value, model.value);
  const run = await driveSequence({
    ...opened.value,
    tiles: counted.tiles,
    record: () => ok(unrecorded()),
  });
  if (!run.ok) return run;
  const compiled = [...tiles.value.values()].map((tile) => tile.compiled);
  const measured = measuredCycles(
    project.project.root,
    compiled.map((tile) => tile.methodId),
  );
  const estimates = new Map(
    compiled.map((tile) => [tile.metadata.id, estimateTile(backend.value, tile, measured)]),
  );
  return ok({
    backend: backend.value.name,
    model: model.value.name,
    tiles: counted.report(estimates),
    run: run.value,
  });
}

interface Count {
  executions: number;
  counted: number;
  cycles: number;
  cyclesMax: number;
  proofCycles: number;
  segments: number;
}

/** Tiles that count what they take. */
class Counts {
  readonly tiles: ReadonlyMap<string, LoadedTile>;
  readonly #model: CostModel;
  readonly #counts = new Map<string, Count>();

  constructor(tiles: ReadonlyMap<string, BoundTile>, model: CostModel) {
    this.#model = model;
    this.tiles = new Map([...tiles].map(([id, { tile }]) => [id, this.#counting(tile)]));
  }

  /** The tiles that ran, ascending by id. */
  report(estimates: ReadonlyMap<string, ResourceEstimate>): readonly PreviewedTile[] {
    const ran = [...this.#counts].sort(([a], [b]) => compareStrings(a, b));
    return ran.flatMap(([tileId, count]) => {
      const estimate = estimates.get(tileId);
      if (estimate === undefined) return [];
      const known = <T>(value: T): T | null => (count.counted === 0 ? null : value);
      return [
        {
          tileId,
          executions: count.executions,
          cycles: known(count.cycles),
          cyclesMax: known(count.cyclesMax),
          proofCycles: known(count.proofCycles),
          segments: known(count.segments),
          estimate,
        },
      ];
    });
  }

  #counting({ execute, ...tile }: LoadedTile): LoadedTile {
    return {
      ...tile,
      execute: async (input) => {
        const result = await execute(input);
        if (result.ok) this.#add(tile.id, result.value.cycles);
        return result;
      },
    };
  }

  #add(tileId: string, cycles: number | null): void {
    const none = {
      executions: 0,
      counted: 0,
      cycles: 0,
      cyclesMax: 0,
      proofCycles: 0,
      segments: 0,
    };
    const count: Count = this.#counts.get(tileId) ?? none;
    this.#counts.set(tileId, count);
    count.executions += 1;
    if (cycles === null) return;
    count.counted += 1;
    count.cycles = addCapped(count.cycles, cycles);
    count.cyclesMax = Math.max(count.cyclesMax, cycles);
    count.proofCycles = addCapped(count.proofCycles, proofCycles(cycles));
    count.segments += segmentPlan(cycles, this.#model.segmentLog2).segments;
  }
}
