import type { Engine } from '../../../nas/engines/engine.ts'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import type { Graph } from '../../../nas/graph/graph.ts'
import type { LayerContext, Network } from '../../../nas/nets/layers.ts'
import { random } from '../../../nas/random.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../nas/tensor.ts'
import { initialise } from '../../../nas/training/initialise.ts'

const batchNorm = { decay: 0.9, epsilon: 1e-5 }

/** A graph from `input` to `output`. */
export function graphOf(network: Network, shape: readonly number[], mode: LayerContext['mode']): Graph {
  const graph = new GraphBuilder()
  const input = graph.input('input', { dtype: 'float32', shape })
  return graph.build({ output: network({ graph, mode, batchNorm }, input) })
}

export const outputShape = (graph: Graph): readonly number[] => graph.outputs.get('output')!.type.shape

export const noise = (shape: readonly number[], seed = 1): Tensor => {
  const rng = random(seed, 'test')
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => rng.normal()),
  )
}

export const engine: Promise<Engine> = onnxRuntime({ threads: 1 })

/** Runs once from given weights, or from first values, and gives the output and the state after it. */
export async function run(
  graph: Graph,
  inputs: Tensors,
  weights: Tensors = initialise(graph.parameters, 1),
): Promise<{ output: Tensor; state: Tensors }> {
  const program = await (await engine).compile(graph)
  const state = (await engine).state(weights)
  const { output } = await program.run(state, inputs)
  const after = await state.read()
  await program.dispose()
  return { output: output!, state: after }
}
