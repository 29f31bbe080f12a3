import { exhausted } from './budget.ts'
import type { Config } from './config.ts'
import type { JobKind } from './job.ts'

/** How long the work of a run takes on its card. */
export interface Pace {
  /** Seconds of one optimiser step of each kind of training. */
  readonly secondsPerStep: Readonly<Record<'pretrain' | 'proxy-task' | 'train', number>>
  /** Seconds to compute and write the features of all cached views. */
  readonly features: number
  /** Seconds from the start of a job to its first step. */
  readonly startUp: number
}

export interface Cost {
  /** Hours of jobs, on whatever card. */
  readonly gpuHours: number
  readonly usd: number
  /** By the clock. */
  readonly hours: number
}

export interface Estimate extends Cost {
  /** Candidates tried before the budget ends the search. */
  readonly trials: number
  readonly byJob: Readonly<Record<Exclude<JobKind, 'survey'>, Cost>>
}

const NOTHING: Cost = { gpuHours: 0, usd: 0, hours: 0 }
const plus = (a: Cost, b: Cost): Cost => ({
  gpuHours: a.gpuHours + b.gpuHours,
  usd: a.usd + b.usd,
  hours: a.hours + b.hours,
})

/**
 * What a run would take that is never interrupted and finds none of its work done. Jobs run `concurrency` at once, and
 * a round waits for its last job. As in a run, the budget ends the search at the end of a round; what then follows
 * comes on top.
 */
export function estimate(
  config: Config,
  pace: Pace,
  { usdPerHour, concurrency }: { readonly usdPerHour: number; readonly concurrency: number },
): Estimate {
  const { backbone, search, rerank, budget } = config

  /** So many trials of so many seconds, `size` of them a job. */
  function work(trials: number, seconds: number, size: number): Cost {
    const jobs = Math.ceil(trials / size)
    const gpuHours = (jobs * pace.startUp + trials * seconds) / 3600
    const longest = pace.startUp + Math.min(size, trials) * seconds
    return { gpuHours, usd: gpuHours * usdPerHour, hours: (Math.ceil(jobs / concurrency) * longest) / 3600 }
  }

  const pretrain =
    'pretrain' in backbone ? work(1, backbone.pretrain.steps * pace.secondsPerStep.pretrain, 1) : NOTHING
  const features = work(1, pace.features, 1)
  const before = plus(pretrain, features)

  const proxySeconds = config.proxy.steps * pace.secondsPerStep['proxy-task']
  let trials = 0
  let proxyTask = NOTHING
  while (exhausted(budget, { trials, ...plus(before, proxyTask) }) === undefined) {
    const candidates = Math.min(search.perRound, (budget.trials ?? Number.POSITIVE_INFINITY) - trials)
    trials += candidates
    proxyTask = plus(proxyTask, work(candidates, proxySeconds, search.trialsPerJob))
  }

  const contenders = Math.min(rerank.top, trials) + (rerank.baselines.aspp ? 1 : 0) + rerank.baselines.random
  const train = work(contenders * rerank.seeds.length, rerank.steps * pace.secondsPerStep.train, 1)

  return {
    trials,
    ...plus(plus(before, proxyTask), train),
    byJob: { pretrain, features, 'proxy-task': proxyTask, train },
  }
}
