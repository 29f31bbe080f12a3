import { runRoot } from '../../runs/keys.ts'
import { roundKeys, roundLayout } from '../../runs/rounds.ts'
import type { StoreLayout } from '../../runs/store-layout.ts'

export const topformerKeys = (run: string) => {
  const root = runRoot(run)
  return {
    pretrainShards: `${root}/pretraining.jsonl`,
    supernetShards: `${root}/supernets.jsonl`,
    ...roundKeys(`${root}/half-steps`),
    front: `${root}/front.json`,
    comparisonRoot: `${root}/rivals/`,
    candidates: `${root}/rivals/candidates.json`,
    candidateShards: `${root}/rivals/shards.jsonl`,
    comparison: `${root}/comparison.json`,
  } as const
}

/** Weights of a supernet that a user has given, by their hash. */
export const givenWeights = (hash: string): string => `supernets/${hash}/weights.safetensors`

export const topformerLayout: StoreLayout = {
  objects: {
    'runs/*/pretraining.jsonl': 'temporary',
    'runs/*/supernets.jsonl': 'temporary',
    ...roundLayout('half-steps'),
    'runs/*/front.json': 'latest',
    'runs/*/rivals/candidates.json': 'once',
    'runs/*/rivals/shards.jsonl': 'temporary',
    'runs/*/comparison.json': 'latest',
    'supernets/*/weights.safetensors': 'latest',
  },
  caches: [],
}
