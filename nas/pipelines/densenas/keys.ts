import { runRoot, trialRoot } from '../../runs/keys.ts'
import type { StoreLayout } from '../../runs/store-layout.ts'

export const denseNasKeys = (run: string) => {
  const root = runRoot(run)
  return {
    supernetShards: `${root}/supernet.jsonl`,
    derived: `${root}/derived.json`,
    comparisonRoot: `${root}/rivals/`,
    candidates: `${root}/rivals/candidates.json`,
    candidateShards: `${root}/rivals/shards.jsonl`,
    comparison: `${root}/comparison.json`,
  } as const
}

/** Of the trial that is the search of a supernet. */
export const supernetKeys = (trial: string) => {
  const root = trialRoot(trial)
  return { architecture: `${root}/architecture.json`, history: `${root}/history.json` } as const
}

export const denseNasLayout: StoreLayout = {
  objects: {
    'runs/*/supernet.jsonl': 'temporary',
    'runs/*/derived.json': 'latest',
    'runs/*/rivals/candidates.json': 'once',
    'runs/*/rivals/shards.jsonl': 'temporary',
    'runs/*/comparison.json': 'latest',
    'trials/*/architecture.json': 'latest',
    'trials/*/history.json': 'latest',
  },
  caches: [],
}
