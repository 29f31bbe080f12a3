/** Items by a key, each group in their order, groups in that of their first item. */
export function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

interface Labelled {
  readonly label: number
}

/** Truths and detections of each label that either has. */
export function byLabel<T extends Labelled, D extends Labelled>(
  truths: readonly T[],
  detections: readonly D[],
): readonly { readonly label: number; readonly truths: readonly T[]; readonly detections: readonly D[] }[] {
  const [truthsOf, detectionsOf] = [groupBy(truths, labelOf), groupBy(detections, labelOf)]
  const labels = new Set([...truthsOf.keys(), ...detectionsOf.keys()])
  return Array.from(labels, (label) => ({
    label,
    truths: truthsOf.get(label) ?? [],
    detections: detectionsOf.get(label) ?? [],
  }))
}

const labelOf = ({ label }: Labelled): number => label
