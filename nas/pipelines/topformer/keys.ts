import { runRoot } from '../../runs/keys.ts'
import { roundKeys, roundLayout } from '../../runs/rounds.ts'
import type { StoreLayout } from '../../runs/store-layout.ts'

export const topformerKeys = (run: string) => {
  const root = runRoot(run)
  return {
    supernetShards: `${root}/supernets.jsonl`,
    ...roundKeys(`${root}/half-steps`),
    front: `${root}/front.json`,
    comparisonRoot: `${root}/rivals/`,
    candidates: `${root}/rivals/candidates.json`,
    candidateShards: `${root}/rivals/shards.jsonl`,
    comparison: `${root}/comparison.json`,
  } as const
}

export const topformerLayout: StoreLayout = {
  objects: {
    'runs/*/supernets.jsonl': 'temporary',
    ...roundLayout('half-steps'),
    'runs/*/front.json': 'latest',
    'runs/*/rivals/candidates.json': 'once',
    'runs/*/rivals/shards.jsonl': 'temporary',
    'runs/*/comparison.json': 'latest',
  },
  caches: [],
}
