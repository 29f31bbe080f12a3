import type { SampleRef } from './dataset.ts'

interface Decoded {
  readonly image: Uint8Array
  /** Of every pixel; one label for the whole image takes no room. */
  readonly labels?: Uint8Array
}

interface Loader<Ref, Sample> {
  load(ref: Ref): Promise<Sample>
}

/**
 * Keeps decoded samples in memory until `maxBytes` are full, decodes the rest again each time.
 *
 * Nothing is evicted: every epoch asks for every sample once in a new order, where eviction of the least recently used
 * would mostly throw away what is asked for next.
 */
export function cacheSamples<Ref extends SampleRef, Sample extends Decoded, Dataset>(
  dataset: Dataset & Loader<Ref, Sample>,
  maxBytes: number,
): Dataset & Loader<Ref, Sample> {
  const kept = new Map<string, Sample>()
  let bytes = 0
  const load = async (ref: Ref) => {
    const key = `${ref.split}/${ref.name}`
    const known = kept.get(key)
    if (known) return known
    const sample = await dataset.load(ref)
    const size = sample.image.byteLength + (sample.labels?.byteLength ?? 0)
    if (!kept.has(key) && bytes + size <= maxBytes) {
      kept.set(key, sample)
      bytes += size
    }
    return sample
  }
  return { ...dataset, load }
}
