import type { SearchSize } from '../../runs/search-size.ts'
import { type AutoFpnConfig, evolutionRoundsOf } from './config.ts'

/** Searches of a module, one by each method. */
export const methodsOf = ({ baselines }: AutoFpnConfig) =>
  baselines.snas ? (['softmax', 'snas'] as const) : (['softmax'] as const)

/**
 * The searches of a module run at once, and so do the detectors of a round of evolution; then what was found and its baselines are
 * trained, with every seed.
 */
export function autoFpnSize(config: AutoFpnConfig): SearchSize {
  const { baselines, compute } = config
  const perRound = Math.max(methodsOf(config).length, baselines.evolution?.perRound ?? 0)
  return {
    trials: perRound * Math.max(1, evolutionRoundsOf(config)),
    perRound,
    trialsPerJob: 1,
    concurrency: compute.concurrency ?? 1,
    contenders: detectorsCompared(config) * config.retrain.seeds.length,
  }
}

/** How many detectors are trained in full. */
export function detectorsCompared(config: AutoFpnConfig): number {
  const { random, fpn, evolution } = config.baselines
  return methodsOf(config).length + random + Number(fpn) + Number(evolution !== undefined)
}
