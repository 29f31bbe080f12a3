import { putShards } from '../nas/runs/shards.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { pendingTrials } from './pending.ts'

interface RoundShards<G> {
  readonly manifest: string
  /** The key of its results. */
  readonly results: string
  /** Trials of a job. */
  readonly size: number
  /** Writes specs again, which may be gone; undefined where the round has just been recorded. Otherwise the run is resumed. */
  readonly putSpecsAgain: ((genotypes: readonly G[]) => Promise<unknown>) | undefined
}

/** Writes the manifest of the candidates of a round that are still to be run, and returns the number of its shards. */
export async function putRoundShards<G>(
  store: ObjectStore,
  run: string,
  candidates: readonly { readonly trial: string; readonly genotype: G }[],
  { manifest, results, size, putSpecsAgain }: RoundShards<G>,
): Promise<number> {
  const pending = await pendingTrials(
    store,
    run,
    candidates.map(({ trial }) => trial),
    putSpecsAgain && results,
  )
  if (putSpecsAgain !== undefined) {
    const missing = new Set(pending)
    await putSpecsAgain(candidates.filter(({ trial }) => missing.has(trial)).map(({ genotype }) => genotype))
  }
  return putShards(store, manifest, pending, size)
}
