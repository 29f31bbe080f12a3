/** Costs are better the lower they are, scores the higher. */
export interface Rated {
  readonly cost: number
  readonly score: number
}

/** Those that no other beats in score without costing more, the cheapest first. Of equals, the first stays. */
export function paretoFront<R extends Rated>(rated: readonly R[]): readonly R[] {
  const front: R[] = []
  for (const each of [...rated].sort((a, b) => a.cost - b.cost || b.score - a.score))
    if (each.score > (front.at(-1)?.score ?? Number.NEGATIVE_INFINITY)) front.push(each)
  return front
}
