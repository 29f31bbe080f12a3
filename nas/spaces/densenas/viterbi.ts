import { TrellisError } from '../../errors.ts'

export interface Path {
  /** Nodes, from the first to the last. */
  readonly nodes: readonly number[]
  /** The product of the transition probabilities along it. */
  readonly probability: number
}

/**
 * The most probable path through a network of nodes that are numbered in their order (Viterbi 1967; section 3.3.1).
 * Among equals, each node is reached from its nearest predecessor, as in the released code.
 * @param transitions `transitions[i][j]`: the probability of going from i to j > i, absent where they are not connected.
 * The last node is the one after all that have transitions.
 * @throws TrellisError `invalid-genotype` where no path has a probability above 0.
 */
export function viterbi(transitions: readonly Readonly<Record<number, number>>[]): Path {
  const reached = [{ from: -1, probability: 1 }]
  for (let to = 1; to <= transitions.length; to++) {
    let best = { from: -1, probability: 0 }
    for (let from = to - 1; from >= 0; from--) {
      const probability = reached[from]!.probability * (transitions[from]![to] ?? 0)
      if (probability > best.probability) best = { from, probability }
    }
    reached.push(best)
  }
  const { probability } = reached.at(-1)!
  if (probability === 0)
    throw new TrellisError('invalid-genotype', 'no path through the blocks has a probability above 0', {
      fix: 'search again with a lower learning rate of the architecture: its parameters have diverged',
    })
  const nodes = [transitions.length]
  while (nodes[0]! > 0) nodes.unshift(reached[nodes[0]!]!.from)
  return { nodes, probability }
}
