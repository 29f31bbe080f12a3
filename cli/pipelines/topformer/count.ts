import { z } from 'zod'
import { fromTopformerConfig } from '../../../nas/nets/topformer/config-file.ts'
import { countTopformer } from '../../../nas/nets/topformer/count.ts'
import { TOPFORMERS } from '../../../nas/nets/topformer/known.ts'
import type { TopformerNetwork } from '../../../nas/nets/topformer/network.ts'
import { parseTopformerGenotype, SPACE } from '../../../nas/spaces/topformer/genotype.ts'
import { KNOWN_TOPFORMER } from '../../../nas/spaces/topformer/known.ts'
import { networkOf } from '../../../nas/spaces/topformer/network.ts'
import { TOPFORMER_SPACES } from '../../../nas/spaces/topformer/presets.ts'
import { spaceSize } from '../../../nas/spaces/topformer/space.ts'
import type { Countable, Counter } from '../pipeline.ts'

const counterOf =
  (network: TopformerNetwork): Counter =>
  (input, { classes }) =>
    countTopformer(network, input, classes)

const ofTrellis = z.looseObject({ space: z.literal(SPACE) })
const ofAuthors = z.looseObject({ config: z.looseObject({ cfg: z.array(z.unknown()) }) })

export const count: Countable = {
  networks: Object.fromEntries([
    ...Object.entries(TOPFORMERS).map(([name, network]) => [name, counterOf(network)]),
    ...Object.entries(KNOWN_TOPFORMER).map(([name, genotype]) => [name, counterOf(networkOf(genotype))]),
  ]),
  spaces: Object.fromEntries(
    Object.entries(TOPFORMER_SPACES).map(([name, space]) => [name, () => ({ ...spaceSize(space) })]),
  ),
  space: SPACE,
  notation: 'a TopFormer configuration ({"config": …})',
  read({ json }) {
    if (ofAuthors.safeParse(json).success) return counterOf(fromTopformerConfig(json))
    return ofTrellis.safeParse(json).success ? counterOf(networkOf(parseTopformerGenotype(json))) : undefined
  },
}
