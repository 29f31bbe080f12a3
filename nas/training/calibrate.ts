import type { Engine } from '../engines/engine.ts'
import { type Running, running } from '../engines/running.ts'
import { GraphBuilder } from '../graph/builder.ts'
import type { Graph, Value } from '../graph/graph.ts'
import type { LayerContext, Network } from '../nets/layers.ts'
import { float32, type Tensors } from '../tensor.ts'
import { initialise } from './initialise.ts'

export interface Calibration {
  readonly network: Network
  /** What the network reads. */
  readonly input: { readonly name: string; readonly shape: readonly number[] }
  /** Of its batch normalisation. */
  readonly epsilon: number
}

/**
 * What a network needs for evaluation with weights that were trained without running statistics, such as those from a
 * supernet (BigNAS, arXiv 2003.11142, section 3.5): the statistics of batch normalisation are cumulative averages over some batches,
 * scales are 1 and shifts 0 where the weights have none.
 * @param weights by the names of the network's parameters. @param batches of its inputs; at least one.
 */
export async function calibrated(
  engine: Engine,
  calibration: Calibration,
  weights: Tensors,
  batches: AsyncIterable<Tensors>,
): Promise<Tensors> {
  const { statistics, parameters } = calibrationGraph(calibration)
  const missing = new Map([...parameters].filter(([name]) => !(name in weights)))
  const all = { ...initialise(missing, 0), ...weights }
  const average = averages()
  const addAll = async ({ program, state }: Running) => {
    for await (const batch of batches) average.add(await program.run(state, batch))
  }
  await running(engine, statistics, all, addAll, { shortLived: true })
  return { ...all, ...average.read() }
}

/** What gives the statistics of a batch, under the names of running ones, and the parameters of the whole network. */
export function calibrationGraph({ network, input: { name, shape }, epsilon }: Calibration): {
  readonly statistics: Graph
  readonly parameters: Graph['parameters']
} {
  const graph = new GraphBuilder()
  const statistics: Record<string, Value> = {}
  const onStatistics: LayerContext['onStatistics'] = (scope, { mean, variance }) => {
    statistics[`${scope}/mean`] = mean
    statistics[`${scope}/variance`] = variance
  }
  const context = { graph, mode: 'training', batchNorm: { decay: 0, epsilon }, onStatistics } as const
  const y = network(context, graph.input(name, { dtype: 'float32', shape }))
  return { statistics: graph.build(statistics), parameters: graph.build({ y }).parameters }
}

/** Means by element, in double precision. */
function averages() {
  const sums = new Map<string, Float64Array>()
  let count = 0
  return {
    add(tensors: Tensors) {
      count++
      for (const [name, { data }] of Object.entries(tensors)) {
        const sum = sums.get(name) ?? new Float64Array(data.length)
        sums.set(name, sum)
        for (const i of sum.keys()) sum[i]! += data[i]!
      }
    },
    read: (): Tensors =>
      Object.fromEntries(
        [...sums].map(([name, sum]) => [
          name,
          float32(
            [sum.length],
            Float32Array.from(sum, (x) => x / count),
          ),
        ]),
      ),
  }
}
