import { putShards, withoutResult } from '../nas/runs/shards.ts'
import { forgetAttempts } from '../nas/runs/starts.ts'
import type { ObjectStore } from '../nas/store/store.ts'

interface RoundShards<G> {
  readonly manifest: string
  /** Trials of a job. */
  readonly size: number
  /**
   * Writes specs again, which may be gone; undefined where the round has just been recorded. Otherwise the run is resumed, and trials
   * get all their attempts again.
   */
  readonly putSpecsAgain: ((genotypes: readonly G[]) => Promise<unknown>) | undefined
}

/** Writes the manifest of the candidates of a round that have no result yet, and returns the number of its shards. */
export async function putRoundShards<G>(
  store: ObjectStore,
  run: string,
  candidates: readonly { readonly trial: string; readonly genotype: G }[],
  { manifest, size, putSpecsAgain }: RoundShards<G>,
): Promise<number> {
  const pending = await withoutResult(
    store,
    candidates.map(({ trial }) => trial),
  )
  if (putSpecsAgain !== undefined) {
    await forgetAttempts(store, run, pending)
    const missing = new Set(pending)
    await putSpecsAgain(candidates.filter(({ trial }) => missing.has(trial)).map(({ genotype }) => genotype))
  }
  return putShards(store, manifest, pending, size)
}
