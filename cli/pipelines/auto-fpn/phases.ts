import type { Phase } from '../pipeline.ts'

const backbone: Phase = { name: 'backbone', job: 'backbone', score: null }
const features: Phase = { name: 'features', job: 'features', score: null }
const neck: Phase = { name: 'neck', job: 'neck', score: 'AP' }
const head: Phase = { name: 'head', job: 'head', score: 'AP' }
const evolution: Phase = { name: 'evolution', job: 'evolution', score: 'AP' }
const comparison: Phase = { name: 'comparison', job: 'detector', score: 'AP' }

export const PHASES = { backbone, features, neck, head, evolution, comparison } as const

export const phaseByState: Readonly<Record<string, Phase>> = {
  TrainBackbone: backbone,
  CacheFeatures: features,
  Neck: neck,
  Head: head,
  Propose: evolution,
  DeriveHead: comparison,
}
