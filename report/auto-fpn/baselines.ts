import type { ComparedDetector } from '../../nas/pipelines/auto-fpn/comparison.ts'
import type { BaselineNames } from '../comparison/baselines.ts'

export const baselineDetectors: BaselineNames<Exclude<ComparedDetector['role'], 'found'>> = {
  fpn: () => 'FPN',
  random: (n) => (n === 1 ? 'a random detector' : `the mean of ${n} random detectors`),
  snas: () => 'SNAS',
  evolution: () => 'evolution',
}
