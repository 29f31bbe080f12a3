import { z } from 'zod'
import type { HistoryEvent } from '../local/interpreter/history.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { readLedger, totals } from '../nas/runs/ledger.ts'
import { contendersSchema } from '../nas/runs/rerank.ts'
import { getResult } from '../nas/runs/result.ts'
import { roundSchema } from '../nas/runs/round.ts'
import type { RunRecord } from '../nas/runs/run.ts'
import { getJson } from '../nas/store/json.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { Phase, Progress, Running } from './progress.ts'

/** The state at which a phase begins. */
const PHASES: Readonly<Record<string, Phase>> = {
  Pretrain: 'pretraining',
  CacheFeatures: 'features',
  Propose: 'search',
  PickTop: 'full training',
}

const roundOutput = z.object({ round: z.int() })
const shardInput = z.object({ trials: z.array(z.string()) })

export interface Watch {
  readonly onEvent: (event: HistoryEvent) => void
  readonly onProgress: (running: Running & { readonly jobId: string }) => void
  /** Undefined until there is something to do. */
  progress(): Progress | undefined
}

/** Follows a run by what its machine does, what its jobs say, and the results that these leave in the store. */
export function watchRun(store: ObjectStore, { run, config, startedAt }: RunRecord, now = Date.now): Watch {
  const keys = runKeys(run)
  const { budget } = config
  const began = now()
  let phase:
    | { readonly name: Phase; readonly began: number; known: number; base: number | undefined }
    | undefined
  let total: number | undefined
  let spent = { usd: 0, gpuHours: 0 }
  /** Of the trials of the phase: null for a failed one. */
  const scores = new Map<string, number | null>()
  const running = new Map<string, Running>()
  const shards = new Map<string, readonly string[]>()

  function enter(name: Phase) {
    if (phase?.name === name) return
    phase = { name, began: now(), known: 0, base: undefined }
    total = name === 'search' ? budget.trials : undefined
    scores.clear()
    running.clear()
  }

  async function readResults(trials: readonly string[]) {
    for (const trial of trials) {
      const result = await getResult(store, trial)
      if (result) scores.set(trial, result.status === 'succeeded' ? result.score : null)
    }
  }

  /** Trials that had their result before they were asked for say nothing about the pace. */
  async function readKnown(trials: readonly string[]) {
    const before = scores.size
    await readResults(trials)
    if (phase) phase.known += scores.size - before
  }

  async function readSpent() {
    spent = totals(await readLedger(store, run))
  }

  async function proposed(round: number) {
    const { candidates } = (await getJson(store, keys.round(round), roundSchema)) ?? { candidates: [] }
    await readKnown(candidates.map(({ trial }) => trial))
  }

  async function picked() {
    const contenders = (await getJson(store, keys.rerankCandidates, contendersSchema)) ?? []
    const trials = contenders.flatMap((contender) => contender.trials.map(({ trial }) => trial))
    total = trials.length
    await readKnown(trials)
  }

  async function shardEnded(trials: readonly string[]) {
    for (const [jobId, { trial }] of running) if (trials.includes(trial)) running.delete(jobId)
    await readResults(trials)
    await readSpent()
  }

  async function follow({ type, state, path, detail }: HistoryEvent) {
    if (type === 'TaskStateEntered' && PHASES[state ?? '']) enter(PHASES[state!]!)
    if (type === 'TaskStateExited' && state === 'Propose')
      await proposed(roundOutput.parse(detail.output).round)
    if (type === 'TaskStateExited' && state === 'PickTop') await picked()
    if (path === '') return
    if (type === 'ExecutionStarted') shards.set(path, shardInput.parse(detail.input).trials)
    if (type === 'ExecutionSucceeded') await shardEnded(shards.get(path) ?? [])
  }

  /** One after the other, and without a word when the store fails: the run itself will find out. */
  let last = Promise.resolve()
  const later = (work: () => Promise<void>) => {
    last = last.then(work).catch(() => {})
  }

  const fractionOf = (hours: number): number | undefined => {
    const partial = [...running.values()].reduce((sum, { step, steps }) => sum + step / steps, 0)
    if (phase?.name === 'pretraining' || phase?.name === 'features')
      return running.size > 0 ? partial : undefined
    const ofLimits = [
      total && Math.min(1, (scores.size + partial) / total),
      ...(phase?.name === 'search'
        ? [
            budget.hours && hours / budget.hours,
            budget.usd && spent.usd / budget.usd,
            budget.gpuHours && spent.gpuHours / budget.gpuHours,
          ]
        : []),
    ].filter((fraction) => fraction !== undefined)
    return ofLimits.length > 0 ? Math.min(1, Math.max(...ofLimits)) : undefined
  }

  return {
    onEvent: (event) => later(() => follow(event)),
    onProgress({ jobId, ...progress }) {
      const before = running.get(jobId)?.trial
      if (before !== undefined && before !== progress.trial) later(() => readResults([before]))
      running.set(jobId, progress)
    },
    progress() {
      if (!phase) return undefined
      const fraction = fractionOf((now() - startedAt) / 3_600_000)
      phase.base ??= fraction
      const seconds = (now() - phase.began) / 1000
      const gained = (fraction ?? 0) - (phase.base ?? 0)
      const scored = [...scores.values()].filter((score) => score !== null)
      const fresh = scores.size - phase.known
      return {
        phase: phase.name,
        fraction,
        trials: { done: scores.size, failed: scores.size - scored.length, total },
        best: scored.length > 0 ? Math.max(...scored) : undefined,
        rate: fresh > 0 ? (fresh * 60) / seconds : undefined,
        elapsed: (now() - began) / 1000,
        left: fraction !== undefined && gained > 0 ? (seconds * (1 - fraction)) / gained : undefined,
        usd: {
          spent: spent.usd,
          left: budget.usd === undefined ? undefined : Math.max(0, budget.usd - spent.usd),
        },
        running: [...running.values()],
      }
    },
  }
}
