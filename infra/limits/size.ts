import type { SearchSize } from '../../nas/runs/search-size.ts'
import { number } from './limits.ts'

export const roundsOf = ({ trials, perRound }: SearchSize): number => Math.ceil(trials / perRound)

/** The jobs that one map starts at most: those of a round, or those of a comparison with one training each. */
export const shardsOf = ({ perRound, trialsPerJob, contenders }: SearchSize): number =>
  Math.max(Math.ceil(perRound / trialsPerJob), contenders)

/** All of a size that claims depend on; none of them gets smaller when one of these grows. */
const QUANTITIES: Readonly<Record<string, (size: SearchSize) => number>> = {
  'rounds (trials / perRound)': roundsOf,
  'jobs of a map (perRound / trialsPerJob, or contenders)': shardsOf,
  trialsPerJob: ({ trialsPerJob }) => trialsPerJob,
  concurrency: ({ concurrency }) => concurrency,
}

/**
 * Whether a search is larger than the one for which the limits of a deployment are proven: what is over, and what to do about
 * it; undefined for one that is not.
 */
export function tooLarge(size: SearchSize, proven: SearchSize): string | undefined {
  const over = Object.entries(QUANTITIES)
    .filter(([, of]) => of(size) > of(proven))
    .map(([name, of]) => `${name} ${number(of(size))} of ${number(of(proven))}`)
  if (over.length === 0) return undefined
  return `limits are not proven for a search of this size: ${over.join(', ')}; raise \`search\` in the configuration of the deployment and deploy it, or make the search smaller`
}
