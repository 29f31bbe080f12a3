import type { Engine } from '../../engines/engine.ts'
import type { Running } from '../../engines/running.ts'
import { GraphBuilder } from '../../graph/builder.ts'
import type { Graph, Value } from '../../graph/graph.ts'
import { argmax } from '../../graph/ops/argmax.ts'
import { float32, type Tensor, type Tensors } from '../../tensor.ts'
import { initialise } from '../../training/initialise.ts'
import type { TopformerGenotype } from './genotype.ts'
import { supernetContext, type TopformerSupernet } from './supernet.ts'

export interface SubNetworks {
  /**
   * What a sub-network needs for evaluation (BigNAS, section 3.5): its statistics of batch normalisation are cumulative averages over
   * batches of training images.
   */
  calibrate(genotype: TopformerGenotype, batches: AsyncIterable<{ readonly image: Tensor }>): Promise<void>
  /** The sub-network that was calibrated last, from `image` to `logits` and `predictions`. */
  readonly calibrated: Running
  /** A copy of its weights and statistics, by the names of its own parameters. @throws RangeError before any is calibrated */
  inherited(): Tensors
  dispose(): Promise<void>
}

/** Images that are evaluated at once. */
export const EVALUATED_AT_ONCE = 4

/** Shapes [N,3,H,W] of what statistics are made of, and of what is evaluated. */
interface Shapes {
  readonly calibration: readonly number[]
  readonly evaluation: readonly number[]
}

interface Options extends Shapes {
  readonly supernet: TopformerSupernet
  /** Of all shared parameters. */
  readonly weights: Tensors
}

/** The two programs by which any sub-network is calibrated and evaluated. */
export const subNetworkGraphs = (supernet: TopformerSupernet, { calibration, evaluation }: Shapes) => ({
  statistics: statisticsGraph(supernet, calibration),
  evaluation: evaluationGraph(supernet, evaluation),
})

/** Calibrates and evaluates any number of sub-networks by the same two programs, compiled once. */
export async function subNetworks(engine: Engine, options: Options): Promise<SubNetworks> {
  const { supernet, weights } = options
  const graphs = subNetworkGraphs(supernet, options)
  const statistics = await engine.compile(graphs.statistics)
  const evaluation = await engine.compile(graphs.evaluation)
  const state = engine.state({ ...initialise(graphs.evaluation.parameters, 0), ...weights })
  let masks: Tensors = {}
  let inherited = (): Tensors => {
    throw new RangeError('no sub-network has been calibrated')
  }
  return {
    async calibrate(genotype, batches) {
      masks = supernet.masks(genotype)
      const average = averages()
      for await (const { image } of batches) average.add(await statistics.run(state, { image, ...masks }))
      const means = average.read()
      state.put(means)
      inherited = () => supernet.inherit(genotype, { ...weights, ...means })
    },
    inherited: () => inherited(),
    calibrated: {
      state,
      program: { ...evaluation, run: (of, inputs) => evaluation.run(of, { ...inputs, ...masks }) },
    },
    async dispose() {
      state.dispose()
      await statistics.dispose()
      await evaluation.dispose()
    },
  }
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
        for (const [i, value] of data.entries()) sum[i]! += value
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

/** Statistics of a batch under the names of the running ones. */
function statisticsGraph({ network, masked }: TopformerSupernet, shape: readonly number[]): Graph {
  const graph = new GraphBuilder()
  const outputs: Record<string, Value> = {}
  const context = {
    ...supernetContext(graph, masked),
    onStatistics: (scope: string, { mean, variance }: { readonly mean: Value; readonly variance: Value }) => {
      outputs[`${scope}/mean`] = mean
      outputs[`${scope}/variance`] = variance
    },
  }
  network(context, graph.input('image', { dtype: 'float32', shape }))
  return graph.build(outputs)
}

function evaluationGraph({ network, masked }: TopformerSupernet, shape: readonly number[]): Graph {
  const graph = new GraphBuilder()
  const context = { ...supernetContext(graph, masked), mode: 'evaluation' } as const
  const logits = network(context, graph.input('image', { dtype: 'float32', shape }))
  return graph.build({ logits, predictions: argmax(graph, logits, 1) })
}
