import type { Engine } from '../engines/engine.ts'
import { GraphBuilder } from '../graph/builder.ts'
import type { Network } from '../nets/layers.ts'
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
 * supernet: the statistics of batch normalisation are cumulative averages over some batches, scales are 1 and shifts 0 where
 * the weights have none.
 * @param weights by the names of the network's parameters. @param batches of its inputs; at least one.
 */
export async function calibrated(
  engine: Engine,
  { network, input: { name, shape }, epsilon }: Calibration,
  weights: Tensors,
  batches: AsyncIterable<Tensors>,
): Promise<Tensors> {
  const graph = new GraphBuilder()
  const x = graph.input(name, { dtype: 'float32', shape })
  // Without decay, the running statistics after a batch are its own.
  const y = network({ graph, mode: 'training', batchNorm: { decay: 0, epsilon } }, x)
  const built = graph.build({ y })
  const program = await engine.compile(built)
  const state = engine.state({ ...initialise(built.parameters, 0), ...weights })
  const sums = new Map([...built.updates].map(([name, { type }]) => [name, new Float64Array(type.shape[0]!)]))
  let count = 0
  for await (const batch of batches) {
    await program.run(state, batch)
    const now = await state.read()
    for (const [name, sum] of sums) for (const i of sum.keys()) sum[i]! += now[name]!.data[i]!
    count++
  }
  const statistics = [...sums].map(([name, sum]) => [
    name,
    float32([sum.length], [...sum.map((total) => total / count)]),
  ])
  const all = { ...(await state.read()), ...Object.fromEntries(statistics) }
  state.dispose()
  await program.dispose()
  return all
}
