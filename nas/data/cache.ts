import type { SampleRef } from './dataset.ts'

interface Decoded {
  readonly image: Uint8Array
  /** One byte a pixel; absent where the image has one label, whose size does not count. */
  readonly labels?: Uint8Array
}

interface Loader<Ref, Sample> {
  load(ref: Ref): Promise<Sample>
}

/**
 * Caches decoded samples in memory up to `maxBytes`; the others are decoded again each time.
 *
 * Nothing is evicted: every epoch reads every sample once in a new order, where LRU eviction would mostly remove what is
 * read next.
 */
export function cacheSamples<Ref extends SampleRef, Sample extends Decoded, Dataset>(
  dataset: Dataset & Loader<Ref, Sample>,
  maxBytes: number,
): Dataset & Loader<Ref, Sample> {
  const cached = new Map<string, Sample>()
  let bytes = 0
  const load = async (ref: Ref) => {
    const key = `${ref.split}/${ref.name}`
    const known = cached.get(key)
    if (known) return known
    const sample = await dataset.load(ref)
    const size = sample.image.byteLength + (sample.labels?.byteLength ?? 0)
    if (!cached.has(key) && bytes + size <= maxBytes) {
      cached.set(key, sample)
      bytes += size
    }
    return sample
  }
  return { ...dataset, load }
}
