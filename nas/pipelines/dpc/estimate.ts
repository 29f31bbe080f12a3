import { exhausted } from '../../runs/budget.ts'
import { type Capacity, type Cost, type Estimate, inAll, NOTHING, plus, work } from '../../runs/estimate.ts'
import { baselineCount, type DpcConfig, MOST_ROUNDS } from './config.ts'

/** How long the work of a run takes on its card. */
export interface DpcDurations {
  /** Seconds of one optimiser step of each kind of training. */
  readonly secondsPerStep: Readonly<Record<'pretrain' | 'proxy-task' | 'train', number>>
  /** Seconds to judge a network once it is trained. */
  readonly evaluation: Readonly<Record<'proxy-task' | 'train', number>>
  /** Seconds to compute and write the features of all cached views. */
  readonly features: number
}

export interface DpcEstimate extends Estimate {
  /** Candidates tried before the budget ends the search. */
  readonly trials: number
  readonly byJob: Readonly<Record<'pretrain' | 'features' | 'proxy-task' | 'train', Cost>>
}

/**
 * What a run would take that is never interrupted and finds none of its work done. A round waits for its last job. As in a
 * run, the search ends with the round after which what is left of the budget is kept for full training.
 */
export function dpcEstimate(config: DpcConfig, durations: DpcDurations, capacity: Capacity): DpcEstimate {
  const { backbone, search, rerank, budget } = config
  const { secondsPerStep, evaluation } = durations

  const pretrain =
    'pretrain' in backbone
      ? work({ trials: 1, seconds: backbone.pretrain.steps * secondsPerStep.pretrain }, capacity)
      : NOTHING
  const features = work({ trials: 1, seconds: durations.features }, capacity)
  const before = plus(pretrain, features)

  const proxySeconds = config.proxy.steps * secondsPerStep['proxy-task'] + evaluation['proxy-task']
  const baselines = baselineCount(config)
  const trainingOf = (tried: number): Cost => {
    const cells = Math.min(rerank.top, tried) + baselines
    const seconds = rerank.steps * secondsPerStep.train + evaluation.train
    return work({ trials: cells * rerank.seeds.length, seconds }, capacity)
  }
  const reserved = trainingOf(budget.trials ?? rerank.top)
  let trials = 0
  let proxyTask = NOTHING
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (exhausted(budget, { trials, ...plus(before, proxyTask) }, reserved) !== undefined) break
    const candidates = Math.min(search.perRound, (budget.trials ?? Number.POSITIVE_INFINITY) - trials)
    trials += candidates
    // The first round scores the baselines of the re-ranking, too.
    const scored = candidates + (round === 0 ? baselines : 0)
    proxyTask = plus(
      proxyTask,
      work({ trials: scored, seconds: proxySeconds, size: search.trialsPerJob }, capacity),
    )
  }

  return { trials, ...inAll({ pretrain, features, 'proxy-task': proxyTask, train: trainingOf(trials) }) }
}
