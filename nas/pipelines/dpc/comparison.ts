import { z } from 'zod'
import { candidateSchema, comparedSchema, winnerSchema } from '../../runs/comparison.ts'
import { hashSchema } from '../../runs/contract.ts'
import { datasetFactsSchema } from '../../runs/dataset.ts'
import { leadsSchema } from '../../runs/leads.ts'
import { scoreAgreement } from '../../runs/score-agreement.ts'
import { dpcGenotypeSchema } from '../../spaces/dpc/genotype.ts'
import { unit } from '../../tasks/result.ts'

/** How a cell did on the proxy task. @param rank among the cells that were tried, from 1 */
const proxyScoreSchema = <R extends z.ZodType>(rank: R) =>
  z.strictObject({ trial: hashSchema, score: unit, rank }).readonly()
const rank = z.int().positive()

const cell = {
  /** `searched`: among the best by proxy score. The others are baselines, trained just like those. */
  role: z.enum(['searched', 'aspp', 'random']),
  genotype: dpcGenotypeSchema,
  proxy: proxyScoreSchema(rank.nullable().describe('null for a baseline'))
    .nullable()
    .describe('null for a baseline without a score there'),
}

const cellCandidateSchema = candidateSchema(cell)
export type CellCandidate = z.infer<typeof cellCandidateSchema>

/** What is compared in a revision of a run's ranking. Its content hash names the revision. */
export const candidatesSchema = z
  .strictObject({
    dataset: datasetFactsSchema.describe('that they are trained on'),
    contenders: z.array(cellCandidateSchema).readonly(),
  })
  .readonly()
export type Candidates = z.infer<typeof candidatesSchema>

const comparedCellSchema = comparedSchema(cell)
export type ComparedCell = z.infer<typeof comparedCellSchema>

export const winningCellSchema = winnerSchema({ genotype: dpcGenotypeSchema, proxy: proxyScoreSchema(rank) })
export type WinningCell = z.infer<typeof winningCellSchema>

/** Full scores beside proxy scores. Correlations are over all cells that have both, with bootstrap intervals of 95 %. */
export const rerankSchema = z
  .strictObject({
    edition: hashSchema,
    dataset: datasetFactsSchema.describe('that they were trained on'),
    contenders: z.array(comparedCellSchema).readonly().describe('in the order in which they were picked'),
    ...scoreAgreement,
    winner: winningCellSchema.describe('the searched cell with the highest score'),
    leads: leadsSchema.optional(),
    kept: winningCellSchema
      .optional()
      .describe(
        'of an earlier ranking, with a score on the same validation images that the winner does not exceed',
      ),
  })
  .readonly()
export type Rerank = z.infer<typeof rerankSchema>

/** What a run hands out: a new ranking replaces it only by something better. */
export const foundBy = ({ winner, kept }: Rerank): WinningCell => kept ?? winner
