import { TrellisError } from '../../nas/errors.ts'
import { withChecksum } from '../../nas/graph/onnx/checksum.ts'
import { completed } from '../../nas/runs/completed.ts'
import type { Job } from '../../nas/runs/job.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import type { Result } from '../../nas/runs/result.ts'
import { runTrials, type TrialKind } from '../../nas/runs/run-trials.ts'
import type { TrialSpec } from '../../nas/runs/trial.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { Succeeded } from '../../nas/tasks/result.ts'
import type { JobEnvironment } from './job-environment.ts'
import { resumeTraining } from './training.ts'
import type { TrialOutcome } from './trial-outcome.ts'

/** As long as containers/check-machine.ts works. */
const CHECK_MS = 10_000

/** What is particular to the trials of a kind. */
interface Training<Spec, S extends Succeeded> {
  /** Reads what a training is given beside its spec. */
  readonly open?: (spec: Spec) => Promise<number>
  /** Writes what a training leaves beside its result, and says what that is. @param read from what it was given */
  readonly finish: (
    trial: string,
    outcome: TrialOutcome,
    losses: readonly number[],
    read: number,
    spec: Spec,
  ) => Promise<Result<S>>
}

/** Trains the trials of a job, each to its outcome. */
export async function trainTrials<Spec extends TrialSpec, S extends Succeeded>(
  job: Job,
  kind: TrialKind<Spec, S>,
  environment: JobEnvironment,
  { open = async () => 0, finish }: Training<Spec, S>,
): Promise<void> {
  const { store, outcomeOf, steps, onTrial } = environment
  const context = { store: telling(store, onTrial), job, checkMachine: () => environment.work(CHECK_MS) }
  await runTrials(context, kind, async (trial, spec) => {
    const outcome = outcomeOf(trial)
    if (outcome.failure === 'raises')
      throw new TrellisError('invalid-graph', 'the graph of this network is invalid')
    if (outcome.failure === 'unknown') throw new Error('Non-zero status code returned while running a node')
    const read = await open(spec)
    const { checkpoint } = trialKeys(trial)
    const training = await resumeTraining(environment, { key: checkpoint, training: trial, outcome, steps })
    return {
      training,
      async finish() {
        const end = completed(await training.train())
        return 'failed' in end ? end.failed : finish(trial, outcome, end.losses, read, spec)
      },
    }
  })
}

/** The store, which tells of each trial when its start is about to be noted: from then on a death counts. */
const telling = (store: ObjectStore, onTrial: (trial: string) => void): ObjectStore => ({
  ...store,
  put(key, bytes) {
    const trial = START.exec(key)?.[1]
    if (trial !== undefined) onTrial(trial)
    return store.put(key, bytes)
  },
})
const START = /^runs\/[^/]+\/starts\/([^/]+)\//

const BYTES = new TextEncoder().encode('simulated')
/** An empty graph. */
const MODEL = withChecksum(Uint8Array.of(0x3a, 0))

/** Writes the files of a network that was trained in full. */
export async function writeModel(store: ObjectStore, trial: string): Promise<void> {
  const { weights, model } = trialKeys(trial)
  await store.put(weights, BYTES)
  await store.put(model, MODEL)
}
