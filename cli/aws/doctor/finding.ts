/** What a check has found: a line each, and for what is wrong, what to do. */
export interface Finding {
  readonly what: string
  /** Absent where all is well. */
  readonly fix?: string
}

export const findingsInWords = (findings: readonly Finding[]): string =>
  findings
    .flatMap(({ what, fix }) =>
      fix === undefined ? [`ok       ${what}`] : [`problem  ${what}`, `  fix:   ${fix}`],
    )
    .join('\n')
