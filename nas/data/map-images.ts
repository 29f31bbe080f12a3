import pLimit from 'p-limit'

/** As many as the decoder has threads. */
const AT_ONCE = 4

/**
 * Loads images and makes something smaller of each, in order. A photograph takes tens of megabytes until it is cropped, so that only a
 * few are decoded at once. After an error, no more are started.
 */
export async function mapImages<Ref, Made>(
  refs: readonly Ref[],
  make: (ref: Ref, index: number) => Promise<Made>,
): Promise<Made[]> {
  const limit = pLimit(AT_ONCE)
  return limit.map(refs, make).finally(() => limit.clearQueue())
}
