import type { z } from 'zod'
import { TrellisError } from '../errors.ts'
import type { ObjectStore } from '../store/store.ts'
import type { Succeeded } from '../tasks/result.ts'
import { stepOf } from '../training/checkpoint.ts'
import { CONTRACT } from './contract.ts'
import { firstLine, originOf } from './failure.ts'
import type { Job } from './job.ts'
import { trialKeys } from './keys.ts'
import { failed, getOutcome, putResult, putRunFailure, type Result } from './result.ts'
import { MAX_STARTS, noteStart, recordStart, retractStart, type Start } from './starts.ts'
import { readSpec, type TrialSpec } from './trial.ts'

/** The training of a trial, once its graph is compiled, and how its result comes of that. */
export interface PreparedTrial<S extends Succeeded> {
  readonly training: { dispose(): Promise<void> }
  readonly finish: () => Promise<Result<S>>
}

/** Trials of one kind: how they are specified, and what a success of their task holds. */
export interface TrialKind<Spec extends TrialSpec, S extends Succeeded> {
  readonly spec: z.ZodType<Spec>
  readonly success: z.ZodType<S>
}

/** What a job runs its trials with. */
export interface TrialContext {
  readonly store: ObjectStore
  readonly job: Job
  /** Works for a while on something sound. Where the machine is at fault, it dies of this as well, or throws. */
  readonly checkMachine: () => Promise<void>
}

/**
 * Runs the trials of a job one after the other, each to a result: a trial that cannot be built or trained must not take the others
 * with it. A failure of something else ends the job, and is the result of no trial: see `originOf`.
 */
export async function runTrials<Spec extends TrialSpec, S extends Succeeded>(
  context: TrialContext,
  { spec: schema, success }: TrialKind<Spec, S>,
  prepare: (trial: string, spec: Spec) => Promise<PreparedTrial<S>>,
): Promise<void> {
  const { store, job } = context
  for (const trial of job.trials) {
    if ((await getOutcome(store, job.run, trial)) !== undefined) continue
    const spec = await specOf(store, job, trial, schema)
    const result = await resultOf(context, trial, () => prepare(trial, spec))
    if (result === undefined) continue
    await putResult(store, trial, result, success)
    await store.delete(trialKeys(trial).checkpoint)
  }
}

async function specOf<Spec extends TrialSpec>(
  store: ObjectStore,
  { job }: Job,
  trial: string,
  schema: z.ZodType<Spec>,
): Promise<Spec> {
  const parsed = schema.safeParse(await readSpec(store, trial))
  if (parsed.success && parsed.data.contract === CONTRACT) return parsed.data
  throw new TrellisError('job-failed', `trial ${trial} is none of a ${job} job of contract ${CONTRACT}`, {
    fix: 'let a pipeline start jobs',
    cause: parsed.error,
  })
}

/** Undefined where the run, and it alone, has recorded a failure instead. */
async function resultOf<S extends Succeeded>(
  { store, job, checkMachine }: TrialContext,
  trial: string,
  prepare: () => Promise<PreparedTrial<S>>,
): Promise<Result<S> | undefined> {
  const attempt = { ...job, trial }
  let start: Start = { step: await stepOf({ store, key: trialKeys(trial).checkpoint, training: trial }) }
  const before = await recordStart(store, attempt, start)
  try {
    if (before.length >= MAX_STARTS) {
      const reason = whyGivenUp(before)
      if (reason !== undefined) {
        await putRunFailure(store, job.run, trial, reason)
        return undefined
      }
      await checkMachine()
      start = { ...start, checked: true }
      await noteStart(store, attempt, start)
    }
    const { training, finish } = await prepare()
    try {
      return await finish()
    } finally {
      await training.dispose()
    }
  } catch (error) {
    switch (originOf(error)) {
      case 'trial':
        return failed(firstLine(error))
      case 'infrastructure':
        await retractStart(store, attempt)
        throw error
      case 'unknown':
        await noteStart(store, attempt, { ...start, error: firstLine(error) })
        throw error
    }
  }
}

/**
 * Why a run gives up a trial that its attempts have not got any further; undefined where it does not yet. What ended them they may have
 * said themselves. Where they were killed, it may have been by their machines, and the next attempt may be on another: until one
 * was killed on a machine on which other work had survived right before.
 */
function whyGivenUp(before: readonly Start[]): string | undefined {
  const error = before.findLast((start) => start.error !== undefined)?.error
  if (error !== undefined || !before.some(({ checked }) => checked)) return error
  // Without the step: where checkpoints were depends on how often the job was interrupted.
  return `killed its job ${MAX_STARTS} times without progress, most likely for want of memory`
}
