import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/**
 * A seeded stream of random numbers. Streams are named, never shared: `random(seed, 'crop', epoch)` is the same stream
 * wherever and whenever it is asked for, so a resumed job draws what the unbroken one would have drawn.
 */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Uniform integer in [0, n). */
  integer(n: number): number
  /** Standard normal (Box-Muller). */
  normal(): number
  /** One element, each as likely as the others. */
  pick<T>(items: readonly T[]): T
  /** A new array in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[]
}

/** @param seed of the run; @param name parts that tell this stream from all others, e.g. `'init', parameterName`. */
export function random(seed: number, ...name: readonly (string | number)[]): Random {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...name]))
    .digest()
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)))
  const uniform = () => uniformFloat64(generator)
  const integer = (n: number) => Math.floor(uniform() * n)
  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    pick: (items) => {
      if (items.length === 0) throw new RangeError('pick from an empty list')
      return items[integer(items.length)]!
    },
    shuffle: (items) => {
      const result = [...items]
      for (let i = result.length - 1; i > 0; i--) {
        const j = integer(i + 1)
        ;[result[i], result[j]] = [result[j]!, result[i]!]
      }
      return result
    },
  }
}
