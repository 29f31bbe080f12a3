import type { GraphBuilder } from '../../../graph/builder.ts'
import type { Value } from '../../../graph/graph.ts'
import { add } from '../../../graph/ops/add.ts'
import { div } from '../../../graph/ops/div.ts'
import { softmax } from '../../../graph/ops/softmax.ts'
import type { Random } from '../../../random.ts'
import { float32, sizeOf, type Tensors } from '../../../tensor.ts'
import {
  type ArchitectureParameters,
  architectureTypes,
  architectureWeights,
} from '../architecture-parameters.ts'
import type { AutoFpnDimensions } from '../space.ts'

/** By a softmax (section 3.2), or a sample of the concrete distribution (SNAS, arXiv 1812.09926, equation 7). */
export type Method = 'softmax' | 'snas'

const noiseOf = (name: string) => `noise/${name}`
const TEMPERATURE = 'temperature'

/** Weights of all operators of the searched module. The concrete distribution reads `temperature` and a `noise/…` for each parameter. */
export function relaxedWeights(
  graph: GraphBuilder,
  dimensions: AutoFpnDimensions,
  method: Method,
): ArchitectureParameters<readonly Value[]> {
  if (method === 'softmax') return architectureWeights(graph, dimensions)
  const temperature = graph.input(TEMPERATURE, { dtype: 'float32', shape: [] })
  return architectureWeights(graph, dimensions, (parameters, name) => {
    const noise = graph.input(noiseOf(name), parameters.type)
    return softmax(graph, div(graph, add(graph, parameters, noise), temperature), 1)
  })
}

/** SNAS's temperature falls exponentially from the first to the second (its appendix). */
const TEMPERATURES = [1, 0.03] as const

/**
 * The inputs of {@link relaxedWeights} in a step: Gumbel noise from a stream of its own, and a temperature that falls as the search
 * goes on. @param part of the search that is done
 */
export function relaxationInputs(
  dimensions: AutoFpnDimensions,
  method: Method,
  part: number,
  stream: Random,
): Tensors {
  if (method === 'softmax') return {}
  const [first, last] = TEMPERATURES
  const noise = architectureTypes(dimensions).map(({ name, shape }) => {
    const values = Float32Array.from(
      { length: sizeOf(shape) },
      () => -Math.log(-Math.log(1 - stream.uniform())),
    )
    return [noiseOf(name), float32(shape, values)] as const
  })
  return { ...Object.fromEntries(noise), [TEMPERATURE]: float32([], [first * (last / first) ** part]) }
}
