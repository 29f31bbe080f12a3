/** How a report tells of a kind of job. */
export interface Phase {
  readonly name: string
  /** In CSS. */
  readonly colour: string
}

/** The kinds of jobs of a pipeline, in the order in which a report shows them. */
export type Phases = Readonly<Record<string, Phase>>
