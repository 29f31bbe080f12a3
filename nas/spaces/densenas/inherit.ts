import type { Tensors } from '../../tensor.ts'
import type { Architecture } from './architecture.ts'
import { SKIP } from './genotype.ts'
import { blocksOf, type DenseNasSpace } from './space.ts'
import type { Supernet } from './supernet.ts'

/** The weights of an architecture in the supernet, by the names of its network (see `genotypeOf`). */
export function inheritedWeights(
  space: DenseNasSpace,
  { layers }: Supernet,
  { path, heads, stacks }: Architecture,
  weights: Tensors,
): Tensors {
  const blocks = blocksOf(space)
  const scopeOf = (kind: 'head' | 'stack', block: number, index: number, candidate: number) =>
    layers.find((layer) => layer.kind === kind && layer.block === block && layer.index === index)!.candidates[
      candidate
    ]!.scope
  const searched = path.slice(1).map((block, step) => {
    const input = blocks[block]!.inputs.indexOf(path[step]!)
    const stacked = stacks[step]!.map((operation, layer) => scopeOf('stack', block, layer, operation))
    return [
      scopeOf('head', block, input, heads[step]!),
      ...stacked.filter((scope) => !scope.endsWith(`/${SKIP}`)),
    ]
  })
  const [last] = searched.at(-1)!
  const scopes = [
    ['backbone/stem', 'stem/convolution'],
    ['backbone/block0/layer0', 'stem/block'],
    ...searched
      .slice(0, -1)
      .flatMap((block, step) => block.map((scope, j) => [`backbone/block${step + 1}/layer${j}`, scope])),
    ['backbone/last', `${last}/convolution`],
    ['classifier', 'classifier/classifier'],
  ] as const
  return Object.fromEntries(
    scopes.flatMap(([derived, inSupernet]) =>
      Object.entries(weights)
        .filter(([name]) => name.startsWith(`${inSupernet}/`) && !name.includes(':'))
        .map(([name, tensor]) => [`${derived}${name.slice(inSupernet!.length)}`, tensor]),
    ),
  )
}
