import type { ComparedDetector, Comparison } from '../../nas/pipelines/auto-fpn/comparison.ts'
import { isOneStage } from '../../nas/pipelines/auto-fpn/settings.ts'
import { type Ranking, rank } from '../comparison/ranking.ts'
import { comparisonSection } from '../comparison/section.ts'
import type { ComparisonWords } from '../comparison/words.ts'
import { counted, large } from '../format.ts'
import type { Section } from '../section.ts'
import { baselineDetectors } from './baselines.ts'
import type { AutoFpnReportData } from './data.ts'
import { linksInWords } from './links.ts'

export const comparisonWords: ComparisonWords = {
  noun: 'detector',
  winner: 'the detector found',
  score: 'AP',
  seedsKey: 'retrain.seeds',
}

export const rankDetectors = (comparison: Comparison): Ranking<ComparedDetector> =>
  rank(comparison, { nameOf, baselines: baselineDetectors })

const NAMES = { found: 'the detector found', fpn: 'FPN', snas: 'SNAS', evolution: 'evolution' } as const

const nameOf = ({ role }: ComparedDetector, n: number): string =>
  role === 'random' ? `random detector ${n}` : NAMES[role]

export function retrainingSection({ comparison, record }: AutoFpnReportData): Section | undefined {
  if (!comparison) return undefined
  const { retrain, detector, baselines } = record.config
  const { seeds, steps } = retrain
  const regions = isOneStage(detector) ? '' : ` with ${counted(detector.proposals, 'region')}`
  return comparisonSection(rankDetectors(comparison), {
    title: 'The detector found against baselines',
    training: `All trained alike, the backbone with them, for ${counted(steps, 'step')} with ${counted(seeds.length, 'seed')}.`,
    reading: `AP is COCO’s: the mean over IoU of 0.50 to 0.95 and over classes. Multiply-adds are those of one image${regions}; neck and head are counted without their normalisation, links where they have an operator and change what is found. ${isOneStage(detector) ? 'FPN has the neck of the FPN paper, and all have the heads of SSD' : 'FPN has the neck and the head of the FPN paper'}${READING_OF_BASELINES}${baselines.evolution ? READING_OF_EVOLUTION : ''}.`,
    words: comparisonWords,
    figures: [
      { name: 'AP50, %', of: ({ ap50 }) => ap50 },
      { name: 'Neck', of: ({ neck }) => neck, show: large },
      { name: 'Head', of: ({ head }) => head, show: large },
    ],
    structure: {
      name: 'Links',
      className: 'nowrap',
      of: ({ genotype }) => (genotype === null ? '–' : linksInWords(genotype)),
    },
  })
}

const READING_OF_BASELINES =
  '; random detectors are drawn from the space; SNAS is what that method finds in the same space, in as many steps'
const READING_OF_EVOLUTION = '; evolution is the best of the detectors that evolved there'
