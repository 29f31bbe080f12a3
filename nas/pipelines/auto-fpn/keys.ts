import { INPUTS_LAYOUT } from '../../runs/inputs.ts'
import { runRoot, trialRoot } from '../../runs/keys.ts'
import { roundKeys, roundLayout } from '../../runs/rounds.ts'
import type { StoreLayout } from '../../runs/store-layout.ts'
import type { Module } from './config.ts'

export const autoFpnKeys = (run: string) => {
  const root = runRoot(run)
  return {
    supernetShards: (module: Module) => `${root}/supernets/${module}.jsonl`,
    evolution: roundKeys(`${root}/evolution`),
    derived: (module: Module) => `${root}/derived/${module}.json`,
    comparisonRoot: `${root}/comparison/`,
    candidates: `${root}/comparison/candidates.json`,
    candidateShards: `${root}/comparison/shards.jsonl`,
    comparison: `${root}/comparison.json`,
  } as const
}

/** Of the trial that is the search of a module. */
export const supernetKeys = (trial: string) => {
  const root = trialRoot(trial)
  return {
    genotype: `${root}/genotype.json`,
    history: `${root}/history.json`,
  } as const
}

export const autoFpnLayout: StoreLayout = {
  objects: {
    'runs/*/supernets/*.jsonl': 'temporary',
    ...roundLayout('evolution'),
    'runs/*/derived/*.json': 'latest',
    'runs/*/comparison/candidates.json': 'once',
    'runs/*/comparison/shards.jsonl': 'temporary',
    'runs/*/comparison.json': 'latest',
    'trials/*/genotype.json': 'latest',
    'trials/*/history.json': 'latest',
    ...INPUTS_LAYOUT.objects,
  },
  caches: INPUTS_LAYOUT.caches,
}
