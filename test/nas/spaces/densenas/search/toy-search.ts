import { onnxRuntime } from '../../../../../nas/engines/onnxruntime.ts'
import { random } from '../../../../../nas/random.ts'
import { multiplyAddsTable } from '../../../../../nas/spaces/densenas/operation-graphs.ts'
import { resumeSearch, type SupernetSearch } from '../../../../../nas/spaces/densenas/search/search.ts'
import type { DenseNasSpace } from '../../../../../nas/spaces/densenas/space.ts'
import { supernet } from '../../../../../nas/spaces/densenas/supernet.ts'
import type { ObjectStore } from '../../../../../nas/store/store.ts'
import { float32, int32 } from '../../../../../nas/tensor.ts'

/** Two widths, one of which every path skips, two operations, one layer that can be skipped. */
export const TOY: DenseNasSpace = {
  operations: ['mbconv_k3_t1', 'mbconv_k3_t3'],
  stages: [
    { stride: 2, widths: [4], layers: 0 },
    { stride: 4, widths: [6, 8], layers: 1 },
  ],
  reach: 2,
  last: 8,
}
export const TASK = { batch: 8, image: 8, classes: 2 }
export const toyCosts = multiplyAddsTable(TOY, TASK)

/** Bright above or bright below: to be seen by any network. */
export function toyBatch(...name: readonly (string | number)[]) {
  const rng = random(3, ...name)
  const { batch, image, classes } = TASK
  const labels = Int32Array.from({ length: batch }, () => rng.integer(classes))
  const pixels = Float32Array.from({ length: batch * 3 * image * image }, (_, i) => {
    const [sample, row] = [Math.floor(i / (3 * image * image)), Math.floor(i / image) % image]
    return rng.normal() + (labels[sample] === (row < image / 2 ? 0 : 1) ? 1 : -1)
  })
  return { image: float32([batch, 3, image, image], pixels), labels: int32([batch], labels) }
}

export const toySearch = async (store: ObjectStore, key: string, changes: Partial<SupernetSearch> = {}) =>
  resumeSearch({
    engine: await onnxRuntime({ threads: 1, manyPrograms: true }),
    space: TOY,
    supernet: supernet(TOY, TASK),
    schedule: { epochs: 5, architectureFrom: 1, stepsPerEpoch: { weights: 3, architecture: 2 } },
    weights: { learningRate: 0.1, finalLearningRate: 1e-3, momentum: 0.9, weightDecay: 4e-5 },
    architecture: { learningRate: 0.05, betas: [0.5, 0.999], weightDecay: 1e-3 },
    labelSmoothing: 0.1,
    cost: { table: toyCosts, estimate: 'chained', lambda: 0.1, tau: 15 },
    batch: async (phase, index) => toyBatch(phase, index),
    seed: 1,
    address: { store, key, training: 'toy' },
    ...changes,
  })
