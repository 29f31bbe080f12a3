import type { Graph, Parameter } from '../../../graph/graph.ts'
import { random } from '../../../random.ts'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../tensor.ts'
import type { Layer, Supernet } from '../supernet.ts'

/**
 * Initial filters that all candidates of a layer share: the leading channels, and the centre, of one filter as large as
 * the largest of them, times the deviation of each.
 *
 * The paper does not describe this. Later layers then read similar features whatever is sampled, and a supernet converges
 * several times faster: searches here have a thousand steps, not the paper's tens of thousands.
 * @returns tensors by name, of parameters whose initialiser is `he-normal`
 */
export function sharedInitialFilters(
  { layers }: Supernet,
  parameters: Graph['parameters'],
  seed: number,
): Tensors {
  return Object.fromEntries(
    layers.flatMap((layer) =>
      [...filtersOf(layer, parameters)].flatMap(([part, filters]) => {
        const largest = filters
          .map(({ shape }) => shape)
          .reduce((sizes, shape) => sizes.map((size, axis) => Math.max(size, shape[axis]!)))
        const { kind, block, index } = layer
        const rng = random(seed, 'initialise', kind, block, index, part)
        const drawn = Float64Array.from({ length: sizeOf(largest) }, () => rng.normal())
        return filters.map((filter) => [filter.name, cropped(filter, drawn, largest)] as const)
      }),
    ),
  )
}

/** Filters of all candidates, by their names within a candidate. */
function filtersOf({ candidates }: Layer, parameters: Graph['parameters']): Map<string, Parameter[]> {
  const filters = new Map<string, Parameter[]>()
  for (const { scope } of candidates)
    for (const { parameter } of parameters.values()) {
      if (!parameter.name.startsWith(`${scope}/`) || parameter.initialiser.kind !== 'he-normal') continue
      const part = parameter.name.slice(scope.length + 1)
      filters.set(part, [...(filters.get(part) ?? []), parameter])
    }
  return filters
}

function cropped({ shape, initialiser }: Parameter, drawn: Float64Array, largest: readonly number[]): Tensor {
  const deviation = initialiser.kind === 'he-normal' ? Math.sqrt(2 / initialiser.fanOut) : 1
  const [outputs, inputs, height, width] = shape as [number, number, number, number]
  const [, allInputs, allRows, allColumns] = largest as [number, number, number, number]
  const [top, left] = [(allRows - height) / 2, (allColumns - width) / 2]
  const data = new Float32Array(sizeOf(shape))
  let next = 0
  for (let k = 0; k < outputs; k++)
    for (let c = 0; c < inputs; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          data[next++] = deviation * drawn[((k * allInputs + c) * allRows + top + y) * allColumns + left + x]!
  return float32(shape, data)
}
