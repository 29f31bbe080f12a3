import type { SearchSize } from '../../runs/search-size.ts'
import type { AutoFpnConfig } from './config.ts'

/** Searches of a module, one by each method. */
export const methodsOf = ({ baselines }: AutoFpnConfig) =>
  baselines.snas ? (['softmax', 'snas'] as const) : (['softmax'] as const)

/** The searches of a module run at once; then what was found and its baselines are trained, with every seed. */
export function autoFpnSize(config: AutoFpnConfig): SearchSize {
  const { retrain, baselines, compute } = config
  const methods = methodsOf(config).length
  return {
    trials: methods,
    perRound: methods,
    trialsPerJob: 1,
    concurrency: compute.concurrency ?? 1,
    contenders: (methods + baselines.random + Number(baselines.fpn)) * retrain.seeds.length,
  }
}
