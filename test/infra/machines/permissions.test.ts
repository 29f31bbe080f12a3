import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pipelines } from '../../../functions/index.ts'
import { machineName } from '../../../infra/machines/names.ts'
import { onAws } from '../../../infra/machines/on-aws.ts'
import { type Place, permissionsOf } from '../../../infra/machines/permissions.ts'
import type { State, StateMachine } from '../../../pipelines/asl.ts'
import { orElse } from '../../../pipelines/failures.ts'
import { resources, sharedFunctions } from '../../../pipelines/shared.ts'
import { stepsOf } from '../../../pipelines/steps.ts'

const arnOf = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:123456789012:${resource}`

const definitions = pipelines.all().map(([, { definition }]) => definition)
const functions = [
  ...Object.keys(sharedFunctions),
  ...definitions.flatMap((each) => Object.keys(each.functions)),
]
const jobs = definitions.flatMap((each) => Object.keys(each.jobs))
const { invoke, submit, eachShard, start } = stepsOf({
  functions: Object.fromEntries(functions.map((name) => [name, {}])),
  jobs: Object.fromEntries(jobs.map((name) => [name, {}])),
  machines: ['Rerank'],
})

const place: Place = {
  partition: 'aws',
  region: 'eu-west-1',
  account: '123456789012',
  machine: 'trellis-t4-mine',
  arns: {
    ...Object.fromEntries([...functions, ...jobs, ...resources].map((name) => [name, arnOf('any', name)])),
    Rerank: arnOf('states', 'stateMachine:trellis-t4-rerank'),
    OnDemandQueue: arnOf('any', 'OnDemandQueue'),
    Bucket: 'arn:aws:s3:::store',
  },
}

const RULE = arnOf('events', 'rule/StepFunctionsGetEventsFor')
const rules = (what: string) =>
  ['PutTargets', 'PutRule', 'DescribeRule'].map((each) => `events:${each} ${RULE}${what}Rule`)

/** What AWS asks of a role for one state, written down from its documentation: "action resource", one each. */
function neededFor(state: State): readonly string[] {
  const text = JSON.stringify(state)
  const named = (key: string) => place.arns[new RegExp(`"${key}":"\\$\\{(\\w+)\\}"`).exec(text)![1]!]!
  if (state.Type === 'Map') {
    return [
      's3:GetObject arn:aws:s3:::store/runs/*',
      `states:StartExecution ${arnOf('states', 'stateMachine:trellis-t4-mine')}`,
      ...['/*', ':*'].flatMap((children) =>
        ['DescribeExecution', 'StopExecution', 'RedriveExecution'].map(
          (each) => `states:${each} ${arnOf('states', `execution:trellis-t4-mine${children}`)}`,
        ),
      ),
      ...Object.values(state.ItemProcessor.States).flatMap(neededFor),
    ]
  }
  if (state.Type !== 'Task') return []
  if (state.Resource.endsWith('lambda:invoke')) return [`lambda:InvokeFunction ${named('FunctionName')}`]
  if (state.Resource.includes('startExecution')) {
    return [
      `states:StartExecution ${named('StateMachineArn')}`,
      ...['DescribeExecution', 'StopExecution'].map(
        (each) => `states:${each} ${arnOf('states', 'execution:trellis-t4-rerank:*')}`,
      ),
      ...rules('StepFunctionsExecution'),
    ]
  }
  return [
    `batch:SubmitJob ${named('JobQueue')}`,
    `batch:SubmitJob ${named('JobDefinition')}:*`,
    `batch:TagResource ${arnOf('batch', 'job/*')} if aws:RequestTag/trellis:machine is trellis-t4-mine`,
    `batch:TerminateJob ${arnOf('batch', 'job/*')} if aws:ResourceTag/trellis:machine is trellis-t4-mine`,
    'batch:DescribeJobs *',
    ...rules('BatchJobs'),
  ]
}

const granted = (machine: StateMachine) =>
  permissionsOf(machine, place).flatMap(({ actions, resources, conditions }) => {
    const [condition] = Object.entries(conditions?.StringEquals ?? {})
    const only = condition === undefined ? '' : ` if ${condition.join(' is ')}`
    return actions.flatMap((action) => resources.map((resource) => `${action} ${resource}${only}`))
  })

const sorted = (all: readonly string[]) => [...new Set(all)].sort()

const Catch = orElse('End')
const aState: fc.Arbitrary<State> = fc.oneof(
  fc.constantFrom(...functions).map((name) => invoke(name, { run: '{% $run %}' }, { Catch, Next: 'End' })),
  fc
    .constantFrom(...jobs)
    .map((name) => submit(name, { run: '{% $run %}', input: '{}' }, { Catch, Next: 'End' })),
  fc.constantFrom(...jobs).map((name) => eachShard(name, { Catch, Next: 'End' })),
  fc.constant(start('Rerank', {}, { Catch, Next: 'End' })),
  fc.constant<State>({ Type: 'Pass', Next: 'End' }),
)

const aMachine = fc.array(aState, { maxLength: 8 }).map(
  (states): StateMachine => ({
    QueryLanguage: 'JSONata',
    StartAt: 'End',
    States: { ...Object.fromEntries(states.map((state, i) => [`S${i}`, state])), End: { Type: 'Succeed' } },
  }),
)
const options = fc.record({
  onDemandAfter: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
})

describe('the permissions of a machine', () => {
  it('are exactly those of the actions that its definition can take, for any definition', () => {
    fc.assert(
      fc.property(aMachine, options, (machine, how) => {
        const deployed = onAws(machine, how)
        expect(sorted(granted(deployed))).toEqual(sorted(Object.values(deployed.States).flatMap(neededFor)))
      }),
      { numRuns: 200 },
    )
  })

  it.each(
    definitions.flatMap(({ name, machines }) =>
      Object.entries(machines).map(([each, machine]) => [machineName(name, each), machine] as const),
    ),
  )('of %s are not merely empty, and give a reason for every wildcard', (_, machine) => {
    const permissions = permissionsOf(onAws(machine, { onDemandAfter: undefined }), place)
    expect(granted(machine).length).toBeGreaterThan(15)
    for (const { resources, wildcard } of permissions)
      expect(wildcard !== undefined, String(resources)).toBe(resources.some((each) => each.includes('*')))
  })

  it('cannot be derived from a Task that computes what it calls, nor from one of an unknown kind', () => {
    const task = invoke('Prepare', {}, { End: true })
    const machine = (state: State): StateMachine => ({
      QueryLanguage: 'JSONata',
      StartAt: 'S',
      States: { S: state },
    })
    expect(() =>
      permissionsOf(machine({ ...task, Arguments: { FunctionName: '{% $f %}', Payload: {} } }), place),
    ).toThrow(
      expect.objectContaining({ code: 'invalid-pipeline', message: expect.stringContaining('state S') }),
    )
    expect(() =>
      permissionsOf(machine({ ...task, Resource: 'arn:aws:states:::sns:publish' }), place),
    ).toThrow(expect.objectContaining({ message: expect.stringContaining('sns:publish') }))
  })
})
