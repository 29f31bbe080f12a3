import { trialKeys } from '../nas/runs/keys.ts'
import { NOT_DRAWN } from '../nas/runs/references.ts'
import { damaged } from '../nas/store/json.ts'
import { flawOf } from '../nas/store/soundness.ts'
import type { ObjectStore } from '../nas/store/store.ts'

/** More would outweigh the rest of a page. */
const MOST_PICTURES = 6

/**
 * What a trial has drawn of its predictions, as PNG.
 * @throws TrellisError `store-failed` for a picture that is damaged
 */
export async function picturesOf(store: ObjectStore, trial: string): Promise<readonly Uint8Array[]> {
  const pictures: Uint8Array[] = []
  for await (const key of store.list(trialKeys(trial).predictions)) {
    const png = await store.get(key)
    if (png && flawOf(key, png) !== undefined)
      throw damaged(`${store.location}/${key}`, 'is not what was written there', NOT_DRAWN)
    if (png) pictures.push(png)
    if (pictures.length === MOST_PICTURES) break
  }
  return pictures
}
