import { INPUTS_LAYOUT } from '../../runs/inputs.ts'
import { runRoot } from '../../runs/keys.ts'
import { roundKeys, roundLayout } from '../../runs/rounds.ts'
import type { StoreLayout } from '../../runs/store-layout.ts'

export const dpcKeys = (run: string) => {
  const root = runRoot(run)
  return {
    ...roundKeys(`${root}/rounds`),
    history: `${root}/history.json`,
    leaderboard: `${root}/leaderboard.json`,
    revisions: `${root}/rerank/`,
    rerankCandidates: `${root}/rerank/candidates.json`,
    rerank: `${root}/rerank.json`,
    edition: (edition: string) => ({
      candidates: `${root}/rerank/${edition}/candidates.json`,
      shards: `${root}/rerank/${edition}/shards.jsonl`,
      outcome: `${root}/rerank/${edition}/outcome.json`,
    }),
  } as const
}

export const dpcLayout: StoreLayout = {
  objects: {
    ...roundLayout('rounds'),
    'runs/*/history.json': 'latest',
    'runs/*/leaderboard.json': 'latest',
    'runs/*/rerank/candidates.json': 'latest',
    'runs/*/rerank.json': 'latest',
    'runs/*/rerank/*/candidates.json': 'once',
    'runs/*/rerank/*/shards.jsonl': 'temporary',
    'runs/*/rerank/*/outcome.json': 'latest',
    ...INPUTS_LAYOUT.objects,
  },
  caches: INPUTS_LAYOUT.caches,
}
