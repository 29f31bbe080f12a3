import type { ClassSource } from '../../nas/data/class-words.ts'

/** What decides which class a mask value is, beside the classes. */
const CODING = ['ignoreLabel', 'zeroIsIgnored'] as const

/** What to bear in mind where masks are coded otherwise than those of a run. @param file that says how */
export function otherValues(given: ClassSource, known: ClassSource, file: string): readonly string[] {
  if (given.kind !== known.kind) return []
  return CODING.filter((key) => given[key] !== known[key]).map(
    (key) =>
      `${file} has ${key}: ${given[key]}, and the run ${known[key]}: the same mask value may be another class there.`,
  )
}
