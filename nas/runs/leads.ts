import { z } from 'zod'
import { differenceOf, differenceSchema, meanTestScore, type TestScore } from '../tasks/test-score.ts'

/** By how much what was found leads the baselines of each role on the test images, by the mean of their scores. */
export const leadsSchema = z
  .array(
    z.strictObject({ role: z.string(), networks: z.int().positive(), lead: differenceSchema }).readonly(),
  )
  .readonly()
export type Leads = z.infer<typeof leadsSchema>

interface Trained {
  readonly compared: { readonly role: string; readonly trials: readonly { readonly trial: string }[] }
  readonly test: TestScore | undefined
}

/** For a record of a comparison: nothing where there are no test images. @param isBaseline by the role of a candidate */
export function leadsOf(
  trained: readonly Trained[],
  winningTrial: string,
  isBaseline: (role: string) => boolean,
): { readonly leads?: Leads } {
  const winner = trained.find(({ compared }) =>
    compared.trials.some(({ trial }) => trial === winningTrial),
  )?.test
  if (winner === undefined) return {}
  const roles = new Set(trained.map(({ compared }) => compared.role).filter(isBaseline))
  const leads = [...roles].flatMap((role) => {
    const tests = trained.flatMap(({ compared, test }) =>
      compared.role === role && test !== undefined ? [test] : [],
    )
    const mean = meanTestScore(tests)
    return mean === undefined ? [] : [{ role, networks: tests.length, lead: differenceOf(winner, mean) }]
  })
  return { leads }
}
