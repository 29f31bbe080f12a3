import { z } from 'zod'
import { countDenseNas } from '../../../nas/pipelines/densenas/count.ts'
import { type DenseNasGenotype, parseDenseNasGenotype } from '../../../nas/spaces/densenas/genotype.ts'
import { KNOWN_DENSENAS } from '../../../nas/spaces/densenas/known.ts'
import { fromNetConfig } from '../../../nas/spaces/densenas/net-config.ts'
import { DENSENAS_SPACES } from '../../../nas/spaces/densenas/presets.ts'
import { type DenseNasSpace, spaceSize } from '../../../nas/spaces/densenas/space.ts'
import type { Countable, Counter } from '../pipeline.ts'

const counterOf =
  (genotype: DenseNasGenotype): Counter =>
  (input) =>
    countDenseNas(genotype, input)

const sizeOf = (space: DenseNasSpace) => () => ({ ...spaceSize(space) })

const SPACE = 'densenas'
const ofTrellis = z.looseObject({ space: z.literal(SPACE) })

export const count: Countable = {
  networks: Object.fromEntries(
    Object.entries(KNOWN_DENSENAS).map(([name, network]) => [name, counterOf(network)]),
  ),
  spaces: Object.fromEntries(Object.entries(DENSENAS_SPACES).map(([name, space]) => [name, sizeOf(space)])),
  space: SPACE,
  notation: 'a DenseNAS net_config',
  read({ text, json }) {
    if (/^\s*\[\s*\[/.test(text)) return counterOf(fromNetConfig(text))
    return ofTrellis.safeParse(json).success ? counterOf(parseDenseNasGenotype(json)) : undefined
  },
}
