import type { CellCandidate } from '../../nas/pipelines/dpc/comparison.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import { random } from '../../nas/random.ts'
import { KNOWN_CELLS } from '../../nas/spaces/dpc/known.ts'
import { dpcSpace } from '../../nas/spaces/dpc/space.ts'

/** The cells that the best of a run are compared with: the same ones whenever they are asked for. */
export function baselinesOf({ config }: DpcRun): readonly Pick<CellCandidate, 'role' | 'genotype'>[] {
  const space = dpcSpace(config.space.branches)
  const rng = random(config.seed, 'random-baseline')
  const { aspp, random: draws } = config.rerank.baselines
  return [
    ...(aspp ? [{ role: 'aspp', genotype: KNOWN_CELLS.aspp } as const] : []),
    ...Array.from({ length: draws }, () => ({ role: 'random', genotype: space.sample(rng) }) as const),
  ]
}
