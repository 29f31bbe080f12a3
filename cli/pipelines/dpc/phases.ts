import type { Phase } from '../pipeline.ts'

const pretraining: Phase = { name: 'pretraining', job: 'pretrain', score: null }
const features: Phase = { name: 'features', job: 'features', score: null }
const search: Phase = { name: 'search', job: 'proxy-task', score: 'mIoU' }
const fullTraining: Phase = { name: 'full training', job: 'train', score: 'mIoU' }
const newData: Phase = { name: 'new data', job: 'survey', score: null }

export const PHASES = { pretraining, features, search, fullTraining, newData } as const

export const phaseByState: Readonly<Record<string, Phase>> = {
  Pretrain: pretraining,
  CacheFeatures: features,
  Propose: search,
  PickTop: fullTraining,
  Survey: newData,
}
