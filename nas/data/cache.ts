import type { Sample, SampleRef, SegmentationDataset } from './dataset.ts'

/**
 * Keeps decoded samples in memory until `maxBytes` are full, decodes the rest again each time.
 *
 * Nothing is evicted: every epoch asks for every sample once in a new order, where eviction of the least recently used
 * would mostly throw away what is asked for next.
 */
export function cacheSamples(dataset: SegmentationDataset, maxBytes: number): SegmentationDataset {
  const kept = new Map<string, Sample>()
  let bytes = 0
  const load = async (ref: SampleRef) => {
    const key = `${ref.split}/${ref.name}`
    const known = kept.get(key)
    if (known) return known
    const sample = await dataset.load(ref)
    const size = sample.image.byteLength + sample.labels.byteLength
    if (!kept.has(key) && bytes + size <= maxBytes) {
      kept.set(key, sample)
      bytes += size
    }
    return sample
  }
  return { ...dataset, load }
}
