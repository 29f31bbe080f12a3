import { z } from 'zod'
import { countDetector } from '../../../nas/nets/detection/count.ts'
import { type AutoFpnGenotype, parseAutoFpnGenotype, SPACE } from '../../../nas/spaces/auto-fpn/genotype.ts'
import { KNOWN_NECKS } from '../../../nas/spaces/auto-fpn/known.ts'
import { autoFpn } from '../../../nas/spaces/auto-fpn/network.ts'
import { PUBLISHED, spaceSize } from '../../../nas/spaces/auto-fpn/space.ts'
import type { Countable, Counter } from '../pipeline.ts'

/** On the backbone of the paper, with its sizes (section 4.1). */
const counterOf =
  (genotype: AutoFpnGenotype): Counter =>
  (input, { classes }) => ({
    ...countDetector(autoFpn(genotype, { network: 'resnet-50', width: 1 }, classes), input),
    classes,
  })

const ofTrellis = z.looseObject({ space: z.literal(SPACE) })

export const count: Countable = {
  networks: Object.fromEntries(
    Object.entries(KNOWN_NECKS).map(([name, genotype]) => [name, counterOf(genotype)]),
  ),
  spaces: { [SPACE]: () => ({ ...spaceSize(PUBLISHED) }) },
  space: SPACE,
  notation: null,
  read: ({ json }) => (ofTrellis.safeParse(json).success ? counterOf(parseAutoFpnGenotype(json)) : undefined),
}
