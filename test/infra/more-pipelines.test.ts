import { describe, expect, it } from 'vitest'
import { pipelines } from '../../functions/index.ts'
import { templateOf } from './deployment.ts'

const dpc = pipelines.of('dpc')
pipelines.register('another', { ...dpc, definition: { ...dpc.definition, name: 'another' } })

const template = templateOf({
  name: 'nas',
  schedules: [
    { run: 'of-dpc', pipeline: 'dpc' },
    { run: 'of-another', pipeline: 'another' },
  ],
})
const propertiesOf = (type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties)

describe('a deployment with one more pipeline', () => {
  it('has its machines, functions and jobs beside those of the others', () => {
    for (const [type, key, names] of [
      ['AWS::StepFunctions::StateMachine', 'StateMachineName', ['nas-t4-another', 'nas-t4-another-rerank']],
      ['AWS::Lambda::Function', 'FunctionName', ['nas-another-prepare', 'nas-dpc-prepare']],
      ['AWS::Batch::JobDefinition', 'JobDefinitionName', ['nas-t4-another-train', 'nas-t4-dpc-train']],
    ] as const)
      expect(propertiesOf(type).map((each) => each[key])).toEqual(expect.arrayContaining([...names]))
  })

  it('has machines that start and call what is theirs alone', () => {
    const machine = propertiesOf('AWS::StepFunctions::StateMachine').find(
      ({ StateMachineName }) => StateMachineName === 'nas-t4-another',
    )!
    const { Prepare, Rerank, ProxyTask } = machine.DefinitionSubstitutions
    expect(JSON.stringify(Prepare)).toContain('FunctionsanotherPrepare')
    expect(JSON.stringify(Rerank)).toContain('stateMachine:nas-t4-another-rerank')
    expect(JSON.stringify(ProxyTask)).toContain('JobsanotherProxyTask')
  })

  it('starts the machine of the pipeline that a schedule names', () => {
    const targetOf = (run: string) =>
      JSON.stringify(
        propertiesOf('AWS::Scheduler::Schedule').find(({ Target }) => Target.Input?.includes?.(run)).Target
          .Arn,
      )
    expect(targetOf('of-dpc')).toContain('Machinest4dpcrevision')
    expect(targetOf('of-another')).toContain('Machinest4anotherrevision')
  })

  it('has no alarm over more than ten metrics, and none of its machines is without one', () => {
    const alarms = propertiesOf('AWS::CloudWatch::Alarm')
    const metricsOf = ({ Metrics = [] }: { Metrics?: readonly { MetricStat?: unknown }[] }) =>
      Metrics.filter(({ MetricStat }) => MetricStat)
    for (const alarm of alarms) expect(metricsOf(alarm).length, alarm.AlarmName).toBeLessThanOrEqual(10)
    const failures = alarms.filter(({ AlarmName }) => AlarmName.startsWith('nas-search-failed-of-t4'))
    expect(failures.flatMap(metricsOf)).toHaveLength(
      2 * propertiesOf('AWS::StepFunctions::StateMachine').length,
    )
  })
})
