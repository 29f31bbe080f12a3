/** Something that ends a phase when it gets from where it began to its limit. */
export interface Limit {
  readonly from: number
  readonly at: number
  readonly to: number
}

export interface Eta {
  /** Of the phase, in [0, 1]; undefined where nothing limits it. */
  readonly fraction: number | undefined
  /** Seconds to its end at the rate so far; undefined before there is one. */
  readonly left: number | undefined
}

/** Until then, by either, the start of jobs is most of what has been seen of a phase. */
const EARLY = { seconds: 30, share: 0.1 } as const

const isEarly = ({ from, at, to }: Limit, seconds: number): boolean =>
  seconds < EARLY.seconds && at - from < EARLY.share * (to - from)

/** The limit that is nearest decides; nothing gets to one of 0, as of a comparison that has nothing to compare. @param seconds since the phase began */
export function etaOf(limits: readonly Limit[], seconds: number): Eta {
  const [nearest] = limits.filter(({ to }) => to > 0).toSorted((a, b) => b.at / b.to - a.at / a.to)
  if (nearest === undefined) return { fraction: undefined, left: undefined }
  const { from, at, to } = nearest
  return {
    fraction: Math.min(1, at / to),
    left:
      at > from && !isEarly(nearest, seconds) ? (seconds * Math.max(0, to - at)) / (at - from) : undefined,
  }
}
