import type { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import type { RunRecord } from '../../runs/record.ts'
import { autoFpnGenotypeSchema } from '../../spaces/auto-fpn/genotype.ts'
import { type AutoFpnDimensions, autoFpnSpace, dimensionsIn } from '../../spaces/auto-fpn/space.ts'
import { type AutoFpnConfig, dimensionsOf, modulesOf } from './config.ts'

/** What the start of a run finds out beside its dataset. */
export const facts = {
  backboneWeights: hashSchema.optional().describe('hash of the file that config.backbone.weights names'),
  genotype: autoFpnGenotypeSchema.optional().describe('what config.search.genotype names'),
}

export type AutoFpnFacts = { readonly [K in keyof typeof facts]?: z.infer<(typeof facts)[K]> }
export type AutoFpnRun = RunRecord<AutoFpnConfig, AutoFpnFacts>

type Searched = Pick<AutoFpnRun, 'config' | 'genotype'>

/** Of what the run finds, or has been given. */
export const dimensionsOfRun = ({ config, genotype }: Searched): AutoFpnDimensions =>
  genotype === undefined ? dimensionsOf(config, modulesOf(config)) : dimensionsIn(genotype)

/** From which random baselines are drawn. */
export const spaceOf = (run: Searched) => autoFpnSpace(dimensionsOfRun(run))
