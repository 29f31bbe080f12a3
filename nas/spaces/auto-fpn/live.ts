import type { AutoFpnGenotype, HeadGenotype, NeckGenotype } from './genotype.ts'
import { CELL_LINKS, INPUTS, type Link, layerLinks, NODES } from './links.ts'

/**
 * The same network, with `none` on every link that changes nothing: one from a map that is zero as no link leads to it, and one to a
 * map that nothing reads. So two genotypes that differ there alone are one network, and no weight is left that no loss depends on.
 */
export const liveOf = ({ neck, head, ...rest }: AutoFpnGenotype): AutoFpnGenotype => ({
  ...rest,
  ...(neck && { neck: liveNeck(neck) }),
  ...(head && { head: liveHead(head) }),
})

type Operators = readonly string[]

const isSome = (operator: string | undefined): boolean => operator !== 'none'

/** Replaces operators of links that are not kept. */
const keep = <O extends string>(
  operators: readonly O[],
  links: readonly Link[],
  isKept: (link: Link) => boolean,
): readonly O[] => operators.map((operator, i) => (isKept(links[i]!) ? operator : ('none' as O)))

export function liveNeck({ levels, layers }: NeckGenotype): NeckGenotype {
  const links = layerLinks(levels)
  const all = Array<boolean>(levels).fill(true)
  const leads = (operators: Operators, is: (link: Link, level: number) => boolean) =>
    all.map((_, level) => links.some((link, i) => isSome(operators[i]) && is(link, level)))

  // Before each layer: which levels are not zero, and, from the end, which are read.
  const filled = [all]
  for (const operators of layers) {
    const before = filled.at(-1)!
    filled.push(leads(operators, ({ source, target }, level) => target === level && before[source]!))
  }
  const read = [all]
  for (const operators of layers.toReversed()) {
    const after = read[0]!
    read.unshift(leads(operators, ({ source, target }, level) => source === level && after[target]!))
  }
  return {
    levels,
    layers: layers.map((operators, l) =>
      keep(operators, links, ({ source, target }) => filled[l]![source]! && read[l + 1]![target]!),
    ),
  }
}

/** All nodes of a cell are its output, so that only whole cells are read or not. */
export function liveHead({ cells }: HeadGenotype): HeadGenotype {
  // The two inputs of a cell are the outputs of those before; before the first there are the features of the region.
  const filledCells = [true, true]
  const kept = cells.map((operators, m) => {
    const filled = filledCells.slice(m, m + INPUTS)
    for (let node = 0; node < NODES; node++)
      filled.push(
        CELL_LINKS.some(({ source, target }, i) => target === node && isSome(operators[i]) && filled[source]),
      )
    filledCells.push(filled.slice(INPUTS).includes(true))
    return keep(operators, CELL_LINKS, ({ source }) => filled[source]!)
  })
  const read = cells.map((_, m) => m === cells.length - 1)
  for (let m = cells.length - 1; m > 0; m--)
    for (let input = 0; input < INPUTS; input++) {
      const before = m - INPUTS + input
      if (read[m] && before >= 0 && readsInput(kept[m]!, input)) read[before] = true
    }
  return {
    cells: kept.map((operators, m) => (read[m] ? operators : keep(operators, CELL_LINKS, () => false))),
  }
}

const readsInput = (operators: Operators, input: number): boolean =>
  CELL_LINKS.some(({ source }, i) => source === input && isSome(operators[i]))
