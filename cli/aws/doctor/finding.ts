import { TrellisError } from '../../../nas/errors.ts'
import { explain } from '../errors.ts'

/** What a check has found: a line each, and for what is wrong, what to do. */
export interface Finding {
  readonly what: string
  /** Absent where all is well. */
  readonly fix?: string
}

/** What a check finds; a check that AWS does not allow is a finding too, and no reason to leave out the others. */
export async function findingsOf(check: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await check()
  } catch (thrown) {
    const error = explain(thrown)
    if (error instanceof TrellisError) return [{ what: error.message, fix: error.fix ?? 'try again' }]
    throw error
  }
}

export const isProblem = ({ fix }: Finding): boolean => fix !== undefined

export const findingsInWords = (findings: readonly Finding[]): string =>
  findings
    .flatMap(({ what, fix }) =>
      fix === undefined ? [`ok       ${what}`] : [`problem  ${what}`, `  fix:   ${fix}`],
    )
    .join('\n')
