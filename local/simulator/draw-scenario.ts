import type { Inventory } from '../../nas/data/inventory.ts'
import { random } from '../../nas/random.ts'
import { drawRuns } from './draw-runs.ts'
import { simulatedPipelines } from './pipelines/index.ts'
import { NO_FILES, type Scenario } from './scenario.ts'
import { outcomes } from './trial-outcome.ts'

const FILES: Inventory = { 'images/train/a.png': '1', 'images/val/b.png': '1' }
/** Days on which hosts and drivers die so often that only what is counted right comes to its end. */
const BAD_DAYS = 0.15

const LATER: Inventory = { ...FILES, 'images/train/c.png': '1' }

/** Small runs of a pipeline, all of them drawn from the seed. A ranking is revised with nothing new, and then with a new image. */
export function drawScenario(pipeline: string, seed: number): Scenario {
  const rng = random(seed, 'scenario')
  const { settings, difficulty, revisions } = simulatedPipelines.of(pipeline)
  const runs = drawRuns(random(seed, 'runs'), settings(rng), seed)
  const isBadDay = random(seed, 'bad day').uniform() < BAD_DAYS
  return {
    runs,
    files: revisions === null ? NO_FILES : { start: FILES, revisions: [FILES, LATER] },
    outcomeOf: outcomes(difficulty),
    steps: 6,
    slots: (2 + rng.integer(3)) * runs.length,
    startUpSeconds: [5, 40],
    reclaimsPerHour: (4 + 16 * rng.uniform()) * (isBadDay ? 8 : 1),
    ...(isBadDay && { driverSeconds: 90 }),
    uploadSeconds: 0,
  }
}
