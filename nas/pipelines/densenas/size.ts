import type { SearchSize } from '../../runs/search-size.ts'
import type { DenseNasConfig } from './config.ts'

/** The supernet is one trial; then the network found and its baselines are trained, with every seed. */
export function denseNasSize({ retrain, baselines, compute }: DenseNasConfig): SearchSize {
  return {
    trials: 1,
    perRound: 1,
    trialsPerJob: 1,
    concurrency: compute.concurrency ?? 1,
    contenders: (1 + baselines.random + Number(baselines.mobileNetV2)) * retrain.seeds.length,
  }
}
