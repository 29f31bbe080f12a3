import { TrellisError } from '../nas/errors.ts'
import type { StateMachine } from '../pipelines/asl.ts'

/**
 * Puts values in place of the `${Name}`s of a definition, as DefinitionSubstitutions does on AWS.
 *
 * @throws TrellisError invalid-pipeline for a name that `resolve` does not know
 */
export function substitute(
  machine: StateMachine,
  resolve: (name: string) => string | undefined,
): StateMachine {
  const replaced = (text: string) =>
    text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = resolve(name)
      if (value !== undefined) return value
      throw new TrellisError(
        'invalid-pipeline',
        `the pipeline names \${${name}}, and nothing has that name`,
        {
          fix: 'add it to the functions, jobs or machines of the pipeline',
        },
      )
    })
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return replaced(value)
    if (Array.isArray(value)) return value.map(visit)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visit(part)]))
  }
  return visit(machine) as StateMachine
}
