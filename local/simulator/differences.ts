import type { ObjectMap, RunArtifacts } from './run-artifacts.ts'

/**
 * What does not depend on when and how often something was done is the same, byte for byte.
 * @param isResult whether the object of a key is such
 */
export function differences(
  faulty: RunArtifacts,
  undisturbed: RunArtifacts,
  isResult: (key: string) => boolean,
): readonly string[] {
  const ends = (run: RunArtifacts) => [run.end, ...run.revisions.map(({ end }) => end)]
  const expected = ends(undisturbed)
  const otherEnds = ends(faulty).flatMap(({ error }, i) =>
    error === expected[i]!.error
      ? []
      : [`the run ended with ${error}, without faults with ${expected[i]!.error}`],
  )
  if (otherEnds.length > 0) return otherEnds
  const all = new Set([...faulty.objects.keys(), ...undisturbed.objects.keys()].filter(isResult))
  return differencesOf([...all], faulty.objects, undisturbed.objects, 'without faults')
}

/** A line for each of the objects that is not the same in both. @param where the second are */
export const differencesOf = (
  keys: readonly string[],
  objects: ObjectMap,
  others: ObjectMap,
  where: string,
): readonly string[] =>
  keys.flatMap((key) => {
    const [one, other] = [text(objects, key), text(others, key)]
    return one === other ? [] : [`${key} is not what it is ${where}: ${firstDifference(one, other)}`]
  })

function text(objects: ObjectMap, key: string): string {
  const bytes = objects.get(key)
  return bytes === undefined ? 'nothing' : new TextDecoder().decode(bytes)
}

function firstDifference(one: string, other: string): string {
  let at = 0
  while (one[at] === other[at]) at++
  const from = Math.max(0, at - 40)
  return `…${one.slice(from, at + 80)}… and …${other.slice(from, at + 80)}…`
}
