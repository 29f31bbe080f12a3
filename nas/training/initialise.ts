import type { Graph, Initialiser } from '../graph/graph.ts'
import { type Random, random } from '../random.ts'
import { sizeOf, type Tensors } from '../tensor.ts'

/**
 * Initial values of a graph's parameters, optimiser slots included.
 *
 * Each parameter draws from a stream of its own, so it starts the same in every graph that uses its name.
 */
export function initialise(parameters: Graph['parameters'], seed: number): Tensors {
  return Object.fromEntries(
    [...parameters].map(([name, { parameter }]) => {
      const { dtype, shape, initialiser } = parameter
      const data = new (dtype === 'int32' ? Int32Array : Float32Array)(sizeOf(shape))
      const draw = drawing(initialiser, random(seed, 'initialise', name))
      for (let i = 0; i < data.length; i++) data[i] = draw()
      return [name, { dtype, shape, data }]
    }),
  )
}

function drawing(initialiser: Initialiser, rng: Random): () => number {
  switch (initialiser.kind) {
    case 'constant':
      return () => initialiser.value
    case 'truncated-normal':
      return () => initialiser.deviation * truncatedNormal(rng)
    case 'he-normal': {
      const deviation = Math.sqrt(2 / initialiser.fanOut)
      return () => deviation * rng.normal()
    }
  }
}

/** Draws again what lies beyond two standard deviations, as TensorFlow does. */
function truncatedNormal(rng: Random): number {
  for (;;) {
    const x = rng.normal()
    if (Math.abs(x) <= 2) return x
  }
}
