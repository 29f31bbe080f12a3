import type { DetectorCandidate } from '../../nas/pipelines/auto-fpn/comparison.ts'
import type { Found } from '../../nas/pipelines/auto-fpn/derived.ts'
import { type AutoFpnRun, spaceOf } from '../../nas/pipelines/auto-fpn/run.ts'
import { random } from '../../nas/random.ts'
import type { AutoFpnGenotype } from '../../nas/spaces/auto-fpn/genotype.ts'
import { counting } from './counting.ts'

type Detector = Omit<DetectorCandidate, 'trials'>

const ROLES = { softmax: 'found', snas: 'snas' } as const

interface Baselines {
  readonly withBaselines: boolean
  /** What evolution has found, if anything. */
  readonly evolved: AutoFpnGenotype | undefined
}

/** The detector that was found and, if they are wanted, baselines. */
export async function candidatesOf(
  record: AutoFpnRun,
  found: readonly Pick<Found, 'method' | 'genotype'>[],
  { withBaselines, evolved }: Baselines,
): Promise<readonly Detector[]> {
  const { config, dataset } = record
  const { backbone, detector, image, seed, baselines } = config
  const sizes = {
    image,
    detector,
    classes: dataset.classes.length,
    backbone: { network: backbone.network, width: backbone.width, weights: '' },
  }
  const { countsOf } = await counting()
  const entry = (role: Detector['role'], genotype: AutoFpnGenotype | null): Detector => ({
    role,
    genotype,
    ...countsOf(sizes, genotype),
  })
  const [first, ...others] = found.map(({ method, genotype }) => entry(ROLES[method], genotype))
  if (!withBaselines) return [first!]
  const space = spaceOf(record)
  return [
    first!,
    ...(baselines.fpn ? [entry('fpn', null)] : []),
    ...others,
    ...(evolved === undefined ? [] : [entry('evolution', evolved)]),
    ...Array.from({ length: baselines.random }, (_, i) =>
      entry('random', space.sample(random(seed, 'random-baseline', i))),
    ),
  ]
}
