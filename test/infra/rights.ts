import type { Template } from 'aws-cdk-lib/assertions'
import { listOf, statementsOf } from './deployment.ts'

/** An action on the objects of the store that a policy allows. */
export interface Right {
  readonly action: string
  /** `*` stands for any characters; '' is the bucket itself. */
  readonly keys: string
  covers(key: string): boolean
}

/** The rights on the store of each role that stands in a template, by a part of its logical id. */
export function rightsIn(
  template: Template,
  roles: readonly string[],
): ReadonlyMap<string, readonly Right[]> {
  const statements = statementsOf(template).filter(([, { Effect }]) => Effect === 'Allow')
  return new Map(
    roles.map((role) => {
      // Logical ids have letters and digits alone.
      const name = role.replaceAll(/[^A-Za-z0-9]/g, '')
      const own = statements.filter(([id]) => new RegExp(`^(Functions|Jobs)${name}Role[0-9A-F]{8}$`).test(id))
      return [role, own.flatMap(([, { Action, Resource }]) => rightsOf(listOf(Action), listOf(Resource)))]
    }),
  )
}

const rightsOf = (actions: readonly string[], resources: readonly unknown[]): readonly Right[] =>
  actions
    .filter((action) => action.startsWith('s3:'))
    .flatMap((action) => resources.map((resource) => rightOn(action, keysOf(resource))))

function rightOn(action: string, keys: string): Right {
  const pattern = new RegExp(`^${keys.replaceAll('*', '.*')}$`)
  return { action, keys, covers: (key) => pattern.test(key) }
}

/** What follows the bucket in an ARN: `{"Fn::Join": ["", [<ARN of the bucket>, "/runs/*"]]}`. */
function keysOf(resource: unknown): string {
  const joined = (resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']
  return joined === undefined ? '' : String(joined[1].at(-1)).replace(/^\//, '')
}
