import { TrellisError } from '../nas/errors.ts'
import { backboneKey } from '../nas/runs/backbone.ts'
import { backboneKeys, runKeys, trialKeys } from '../nas/runs/keys.ts'
import { leaderboardSchema } from '../nas/runs/leaderboard.ts'
import { choiceSchema } from '../nas/runs/rerank.ts'
import { roundSchema } from '../nas/runs/round.ts'
import type { RunRecord } from '../nas/runs/run.ts'
import { getJson } from '../nas/store/json.ts'
import { decodeSafetensors } from '../nas/store/safetensors.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/**
 * Looks at the checkpoints that a run goes on from. A job could only record its trial as failed, and the run would end
 * otherwise than an unbroken one.
 * @throws TrellisError `invalid-checkpoint` for the first that is damaged
 */
export async function checkCheckpoints(store: ObjectStore, record: RunRecord): Promise<void> {
  for (const key of await openCheckpoints(store, record)) {
    const bytes = await store.get(key)
    if (bytes !== undefined) check(bytes, `${store.location}/${key}`)
  }
}

function check(bytes: Uint8Array, name: string): void {
  try {
    decodeSafetensors(bytes, name)
  } catch (cause) {
    if (!(cause instanceof TrellisError)) throw cause
    throw new TrellisError(cause.code, cause.message, {
      fix: 'delete that file, and its training begins anew',
      cause,
    })
  }
}

/** Of what may be unfinished: the backbone, the round after those on the leaderboard, and full training. */
async function openCheckpoints(store: ObjectStore, record: RunRecord): Promise<readonly string[]> {
  const keys = runKeys(record.run)
  const rounds = (await getJson(store, keys.leaderboard, leaderboardSchema))?.rounds ?? 0
  const round = await getJson(store, keys.round(rounds), roundSchema)
  const choice = await getJson(store, keys.rerankCandidates, choiceSchema)
  const trials = [...(round?.candidates ?? []), ...(choice?.contenders ?? []).flatMap((cell) => cell.trials)]
  return [
    backboneKeys(backboneKey(record)).checkpoint,
    ...trials.map(({ trial }) => trialKeys(trial).checkpoint),
  ]
}
