import { numbered, runRoot } from '../../runs/keys.ts'
import type { StoreLayout } from '../../runs/store-layout.ts'

export const topformerKeys = (run: string) => {
  const root = runRoot(run)
  return {
    supernetShards: `${root}/supernets.jsonl`,
    rounds: `${root}/half-steps/`,
    round: (n: number) => `${root}/half-steps/${numbered(n)}.json`,
    shards: (n: number) => `${root}/half-steps/${numbered(n)}.jsonl`,
    results: (n: number) => `${root}/half-steps/${numbered(n)}.results.json`,
    stopDecision: (n: number) => `${root}/half-steps/${numbered(n)}.verdict.json`,
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
    'runs/*/half-steps/*.jsonl': 'temporary',
    'runs/*/half-steps/*.json': 'once',
    'runs/*/front.json': 'latest',
    'runs/*/rivals/candidates.json': 'once',
    'runs/*/rivals/shards.jsonl': 'temporary',
    'runs/*/comparison.json': 'latest',
  },
  caches: [],
}
