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

/** The limit that is nearest decides; nothing gets to one of 0, as of a comparison that has nothing to compare. @param seconds since the phase began */
export function etaOf(limits: readonly Limit[], seconds: number): Eta {
  const [nearest] = limits.filter(({ to }) => to > 0).toSorted((a, b) => b.at / b.to - a.at / a.to)
  if (nearest === undefined) return { fraction: undefined, left: undefined }
  const { from, at, to } = nearest
  return {
    fraction: Math.min(1, at / to),
    left: at > from ? (seconds * Math.max(0, to - at)) / (at - from) : undefined,
  }
}
