import type { Compared } from '../../nas/runs/comparison.ts'

/** What a network that predicts one class everywhere is said to do; undefined for any other. */
export const onlyClassInWords = (
  onlyClass: number | undefined,
  classes: readonly string[],
): string | undefined =>
  onlyClass === undefined ? undefined : `predicts ${classes[onlyClass] ?? `class ${onlyClass}`} everywhere`

/** The same of a trial among those compared. */
export const onlyClassOfTrial = (
  compared: readonly Pick<Compared, 'trials'>[],
  trial: string,
  classes: readonly string[],
): string | undefined =>
  onlyClassInWords(
    compared.flatMap(({ trials }) => trials).find((each) => each.trial === trial)?.onlyClass,
    classes,
  )
