import { TrellisError } from '../../nas/errors.ts'
import type { Json, StateMachine } from '../../pipelines/asl.ts'
import { everywhere, type Permission } from '../policies.ts'
import { mapsOf, tasksOf } from './tasks.ts'

/** Where a machine is deployed, in the words of AWS. Each value may be a token of CDK. */
export interface Place {
  readonly partition: string
  readonly region: string
  readonly account: string
  /** The machine's own name. */
  readonly machine: string
  /** ARNs by the names that stand in a definition. Of a job definition, without its revision. */
  readonly arns: Readonly<Record<string, string>>
}

/** The tag by which a machine knows its own jobs: AWS names a job only when it is submitted. */
export const MACHINE_TAG = 'trellis:machine'

/** What a Task of each kind does on AWS. */
const TASKS: Readonly<Record<string, (args: Arguments, place: Place) => readonly Permission[]>> = {
  'arn:aws:states:::lambda:invoke': ({ named }) => [
    { actions: ['lambda:InvokeFunction'], resources: named('FunctionName') },
  ],
  'arn:aws:states:::batch:submitJob.sync': ({ named }, place) => [
    { actions: ['batch:SubmitJob'], resources: named('JobQueue') },
    {
      actions: ['batch:SubmitJob'],
      resources: named('JobDefinition').map((arn) => `${arn}:*`),
      wildcard: 'executions that began before an update submit an earlier revision',
    },
    ownJobs(place, 'batch:TagResource', 'aws:RequestTag'),
    ownJobs(place, 'batch:TerminateJob', 'aws:ResourceTag'),
    everywhere('batch:DescribeJobs'),
    eventsOf(place, 'StepFunctionsGetEventsForBatchJobsRule'),
  ],
  'arn:aws:states:::states:startExecution.sync:2': ({ named }, place) => {
    const started = named('StateMachineArn')
    return [
      { actions: ['states:StartExecution'], resources: started },
      {
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: started.map((arn) => `${executionsOf(arn)}:*`),
        wildcard: 'an execution has a name only when it is started',
      },
      eventsOf(place, 'StepFunctionsGetEventsForStepFunctionsExecutionRule'),
    ]
  },
}

/**
 * What a machine must be allowed to execute its definition, and nothing else.
 *
 * @throws TrellisError `invalid-pipeline` for a Task of an unknown kind, or one that does not name what it uses
 */
export function permissionsOf(definition: StateMachine, place: Place): readonly Permission[] {
  const tasks = tasksOf(definition).flatMap(([state, { Resource, Arguments = {} }]) => {
    const permissions = TASKS[Resource]
    if (permissions === undefined) {
      throw new TrellisError('invalid-pipeline', `state ${state}: nothing is known of ${Resource}`, {
        fix: 'say in infra/machines/permissions.ts what such a Task does',
      })
    }
    return permissions(argumentsOf(state, Arguments, place), place)
  })
  const maps = mapsOf(definition).flatMap(([state, map]) => [
    ...(map.ItemReader === undefined ? [] : [readerPermission(state, map.ItemReader.Arguments, place)]),
    ...(map.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED' ? childPermissions(place) : []),
  ])
  return merged([...tasks, ...maps])
}

interface Arguments {
  /** ARNs of what an argument names. */
  readonly named: (argument: string) => readonly string[]
}

const argumentsOf = (state: string, args: Json, place: Place): Arguments => ({
  named: (argument) => {
    const value = (args as Readonly<Record<string, Json>>)[argument]
    const name = typeof value === 'string' ? /^\$\{(\w+)\}$/.exec(value)?.[1] : undefined
    const arn = name === undefined ? undefined : place.arns[name]
    if (arn !== undefined) return [arn]
    throw new TrellisError('invalid-pipeline', `state ${state}: ${argument} names nothing that is deployed`, {
      fix: `give it a name of the pipeline's definition as \${Name}; permissions cannot be derived from an expression`,
    })
  },
})

const readerPermission = (state: string, args: Json, place: Place): Permission => ({
  actions: ['s3:GetObject'],
  // Every manifest is part of a run.
  resources: argumentsOf(state, args, place)
    .named('Bucket')
    .map((arn) => `${arn}/runs/*`),
  wildcard: 'keys hold the names of runs',
})

/** A distributed map starts executions of its own machine. */
function childPermissions(place: Place): readonly Permission[] {
  const self = arnOf(place, 'states', `stateMachine:${place.machine}`)
  return [
    { actions: ['states:StartExecution'], resources: [self] },
    {
      actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
      // Children are named after the label of their map, `<machine>/<label>:<name>`; AWS's own examples have both forms.
      resources: [`${executionsOf(self)}/*`, `${executionsOf(self)}:*`],
      wildcard: 'the children of a map have names only when they are started',
    },
  ]
}

const ownJobs = (place: Place, action: string, tags: string): Permission => ({
  actions: [action],
  resources: [arnOf(place, 'batch', 'job/*')],
  wildcard: 'a job has a name only when it is submitted; by its tag it belongs to one machine',
  conditions: { StringEquals: { [`${tags}/${MACHINE_TAG}`]: place.machine } },
})

/** A service that waits for the end of a job or an execution learns of it by a rule that it manages. */
const eventsOf = (place: Place, rule: string): Permission => ({
  actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
  resources: [arnOf(place, 'events', `rule/${rule}`)],
})

const arnOf = ({ partition, region, account }: Place, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`

const executionsOf = (machineArn: string): string => machineArn.replace(':stateMachine:', ':execution:')

/** One statement for all actions on the same resources. */
function merged(permissions: readonly Permission[]): readonly Permission[] {
  const statements = new Map<string, Permission>()
  for (const permission of permissions) {
    const key = JSON.stringify([permission.resources, permission.conditions])
    const actions = [...(statements.get(key)?.actions ?? []), ...permission.actions]
    statements.set(key, { ...permission, actions: [...new Set(actions)] })
  }
  return [...statements.values()]
}
