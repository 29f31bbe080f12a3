import type { Engine } from '../engines/engine.ts'
import { GraphBuilder } from '../graph/builder.ts'
import { float32, type Tensors } from '../tensor.ts'
import { type ClassificationTask, EPSILON } from './classification.ts'
import { initialise } from './initialise.ts'

/**
 * What a network needs to be evaluated with weights from a supernet, where no statistics were kept: those of batch
 * normalisation are the means over some batches, scales are 1 and shifts 0.
 * @param weights by the names of the network's parameters. @param batches of `image`, of the task's shape; at least one.
 */
export async function calibrated(
  engine: Engine,
  { network, image }: ClassificationTask,
  weights: Tensors,
  batches: AsyncIterable<Tensors>,
): Promise<Tensors> {
  const graph = new GraphBuilder()
  const x = graph.input('image', { dtype: 'float32', shape: image })
  // Without decay, the running statistics after a batch are its own.
  const logits = network({ graph, mode: 'training', batchNorm: { decay: 0, epsilon: EPSILON } }, x)
  const built = graph.build({ logits })
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
