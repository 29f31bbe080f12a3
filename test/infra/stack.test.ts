import { readFileSync } from 'node:fs'
import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { priceHere } from '../../containers/price.ts'
import { pipelines } from '../../functions/index.ts'
import { MAX_ATTEMPTS } from '../../infra/batch/retry.ts'
import { machinesOf, parseOutputs, searchesOf } from '../../infra/outputs.ts'
import { WITHOUT_RESOURCE } from '../../infra/policies.ts'
import { storeLayout } from '../../nas/pipelines/layout.ts'
import { rentalPrices } from '../../nas/runs/prices.ts'
import { prefixesOf } from '../../nas/runs/store-layout.ts'
import { sharedFunctions } from '../../pipelines/shared.ts'
import { definitionOf, listOf, statementsOf, templateOf } from './deployment.ts'

const template = templateOf({
  name: 'nas',
  cards: ['t4', 'a100', 'cpu'],
  maxCards: 20,
  maxOnDemand: 8,
  onDemandAfter: 3,
  zones: 3,
  schedules: [{ run: 'street-1', cron: '30 2 * * ? *', card: 'a100', concurrency: 7 }],
  money: { usdPerMonth: 900, email: 'nas@example.org', closeQueues: true },
})

const definitions = pipelines.all().map(([, { definition }]) => definition)
const allJobs = definitions.flatMap(({ name, jobs }) =>
  Object.values(jobs).map((job) => [`${name}-${job.kind}`, job] as const),
)

const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1)

const propertiesOf = (type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties)

/** A value of the template as CloudFormation resolves it: of a compute environment, Ref and its one attribute are the ARN. */
function onAws(value: unknown): unknown {
  const arnOf = (id: string) => `arn:aws:batch:us-east-1:123456789012:compute-environment/${id}-A1B2c3`
  if (typeof value !== 'object' || value === null) return value
  const [[name, argument]] = Object.entries(value) as [[string, never]]
  switch (name) {
    case 'Ref':
      return arnOf(argument)
    case 'Fn::GetAtt':
      return arnOf(argument[0])
    case 'Fn::Split':
      return (onAws(argument[1]) as string).split(argument[0])
    case 'Fn::Select':
      return (onAws(argument[1]) as string[])[argument[0]]
    default:
      throw new Error(`nothing is known of ${name}`)
  }
}

interface TopicStatement {
  readonly Effect: string
  readonly Action: string
  readonly Principal: { readonly Service?: string | readonly string[] }
  readonly Condition: unknown
}

interface RetryRule {
  readonly Action: string
  readonly OnExitCode?: string
  readonly OnReason?: string
  readonly OnStatusReason?: string
}

/** An attempt as Batch sees it. */
interface AttemptEnd {
  readonly exitCode?: number
  readonly reason?: string
  readonly statusReason?: string
}

/** Every condition of a rule must be met; one ends with * where it is the beginning of what it is met by. */
function isMatch({ OnExitCode, OnReason, OnStatusReason }: RetryRule, end: AttemptEnd): boolean {
  const isMet = (pattern: string | undefined, text: string | undefined) => {
    if (pattern === undefined) return true
    if (text === undefined) return false
    return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern
  }
  return (
    isMet(OnExitCode, end.exitCode?.toString()) &&
    isMet(OnReason, end.reason) &&
    isMet(OnStatusReason, end.statusReason)
  )
}

describe('storage', () => {
  it('is encrypted, closed to the public, and open to TLS only', () => {
    template.resourceCountIs('AWS::S3::Bucket', 2)
    template.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: Match.anyValue(),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    })
    const denied = statementsOf(template).filter(([, { Effect }]) => Effect === 'Deny')
    expect(JSON.stringify(denied)).toContain('"aws:SecureTransport":"false"')
  })

  it('keeps results when the deployment is destroyed, in versions, but no old checkpoints', () => {
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain' })
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Prefix: 'trials/', NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
        ]),
      },
    })
  })

  const [rules] = propertiesOf('AWS::S3::Bucket')
    .filter(({ VersioningConfiguration }) => VersioningConfiguration)
    .map(({ LifecycleConfiguration }) => LifecycleConfiguration.Rules as Record<string, unknown>[])

  it('pays for no part of an upload that was never finished', () => {
    expect(rules).toContainEqual({
      Id: 'unfinished-uploads',
      Status: 'Enabled',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
    })
  })

  it('keeps no markers of what is gone for good, under any prefix that has versions', () => {
    const ofVersions = rules!.filter(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration)
    const written = prefixesOf(storeLayout())
    expect(ofVersions.map(({ Prefix }) => Prefix).sort()).toEqual(
      written.map((prefix) => `${prefix}/`).sort(),
    )
    expect(written).toEqual(expect.arrayContaining(['runs', 'trials', 'latencies', 'datasets']))
    for (const rule of ofVersions) expect(rule).toMatchObject({ ExpiredObjectDeleteMarker: true })
  })

  it('removes nothing of what users have put there', () => {
    const ofUsers = rules!.filter(({ Prefix }) => Prefix === 'datasets/')
    expect(ofUsers.filter((rule) => 'ExpirationInDays' in rule)).toEqual([])
  })

  it('keeps replaced results as long as the deployment says, and everything else that is replaced for a day', () => {
    const days = (rule: Record<string, unknown>) =>
      (rule.NoncurrentVersionExpiration as { NoncurrentDays: number } | undefined)?.NoncurrentDays
    for (const rule of rules!.filter((each) => days(each) !== undefined))
      expect(days(rule), String(rule.Prefix)).toBe(
        ['runs/', 'datasets/'].includes(String(rule.Prefix)) ? 30 : 1,
      )
  })

  it('lets the manifest of a cache expire before its shards, and nothing else expire', () => {
    const days = (id: string) => rules!.find(({ Id }) => Id === id)!.ExpirationInDays as number
    expect(days('features-manifests')).toBeLessThan(days('features-shards'))
    const expiring = rules!.filter(({ ExpirationInDays }) => ExpirationInDays)
    expect([...new Set(expiring.map(({ Prefix }) => Prefix))]).toEqual(
      storeLayout().caches.map((prefix) => `${prefix}/`),
    )
  })
})

describe('the network', () => {
  it('has no way to the internet', () => {
    for (const type of ['InternetGateway', 'NatGateway', 'EIP'])
      template.resourceCountIs(`AWS::EC2::${type}`, 0)
    template.resourceCountIs('AWS::EC2::Subnet', 3)
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false })
  })

  it('has endpoints for S3, containers, images and logs', () => {
    const services = JSON.stringify(
      propertiesOf('AWS::EC2::VPCEndpoint').map(({ ServiceName }) => ServiceName),
    )
    for (const service of ['.s3', '.ecs', '.ecs-agent', '.ecs-telemetry', '.ecr.api', '.ecr.dkr', '.logs'])
      expect(services).toContain(`${service}"`)
  })
})

describe('Batch', () => {
  it('scales each card to the wanted number and to none, spot first', () => {
    const vcpus = (type: string, instance: string) => ({
      ComputeResources: Match.objectLike({ Type: type, InstanceTypes: [instance], MinvCpus: 0 }),
    })
    template.resourceCountIs('AWS::Batch::ComputeEnvironment', 6)
    template.hasResourceProperties('AWS::Batch::ComputeEnvironment', vcpus('SPOT', 'g4dn.xlarge'))
    const max = propertiesOf('AWS::Batch::ComputeEnvironment').map(
      ({ ComputeResources: { InstanceTypes, MaxvCpus, Type } }) => [`${InstanceTypes[0]} ${Type}`, MaxvCpus],
    )
    // 20 cards, at most 8 of them on demand. At 8 cards an instance, they are 2 instances.
    expect(Object.fromEntries(max)).toEqual({
      'g4dn.xlarge SPOT': 12 * 4,
      'g4dn.xlarge EC2': 8 * 4,
      'p4d.24xlarge SPOT': 96,
      'p4d.24xlarge EC2': 96,
      'c7i.xlarge SPOT': 12 * 4,
      'c7i.xlarge EC2': 8 * 4,
    })
    const order = (queue: string) =>
      JSON.stringify(
        propertiesOf('AWS::Batch::JobQueue').find(({ JobQueueName }) => JobQueueName === queue)!
          .ComputeEnvironmentOrder,
      )
    expect(order('nas-t4')).toMatch(/Spot.*OnDemand/)
    expect(order('nas-t4-on-demand')).not.toContain('Spot')
  })

  it('rents by the latest launch template, and lets jobs go on for hours when that changes', () => {
    for (const { ComputeResources, UpdatePolicy } of propertiesOf('AWS::Batch::ComputeEnvironment')) {
      expect(ComputeResources.LaunchTemplate.Version).toEqual({
        'Fn::GetAtt': [expect.stringContaining('Template'), 'LatestVersionNumber'],
      })
      expect(UpdatePolicy).toEqual({ JobExecutionTimeoutMinutes: 360 })
    }
  })

  it('tells each job its region, and the cores that it has of its instance', () => {
    const cores = Object.fromEntries(
      propertiesOf('AWS::Batch::JobDefinition').map(({ JobDefinitionName, ContainerProperties }) => {
        const environment = ContainerProperties.Environment as { Name: string; Value: unknown }[]
        expect(environment).toContainEqual({ Name: 'AWS_REGION', Value: { Ref: 'AWS::Region' } })
        return [JobDefinitionName, environment.find(({ Name }) => Name === 'TRELLIS_VCPUS')?.Value]
      }),
    )
    // Of 96 cores and eight cards.
    expect(cores).toMatchObject({ 'nas-a100-dpc-train': '12', 'nas-t4-dpc-train': '4' })
  })

  it('runs GPUs on the image for them', () => {
    const images = propertiesOf('AWS::Batch::ComputeEnvironment').map(({ ComputeResources }) => [
      ComputeResources.InstanceTypes[0],
      ComputeResources.Ec2Configuration[0].ImageType,
    ])
    expect(Object.fromEntries(images)).toEqual({
      'g4dn.xlarge': 'ECS_AL2023_NVIDIA',
      'p4d.24xlarge': 'ECS_AL2023_NVIDIA',
      'c7i.xlarge': 'ECS_AL2023',
    })
  })

  it('has a definition for each kind of job and card that takes one card and its share of the instance', () => {
    const deployed = propertiesOf('AWS::Batch::JobDefinition')
    expect(deployed.map(({ JobDefinitionName }) => JobDefinitionName).sort()).toEqual(
      ['t4', 'a100', 'cpu'].flatMap((card) => allJobs.map(([name]) => `nas-${card}-${name}`)).sort(),
    )
    const proxyTask = deployed.find(
      ({ JobDefinitionName }) => JobDefinitionName === 'nas-a100-dpc-proxy-task',
    )!
    const needs = Object.fromEntries(
      proxyTask.ContainerProperties.ResourceRequirements.map((each: { Type: string; Value: string }) => [
        each.Type,
        each.Value,
      ]),
    )
    expect(needs).toMatchObject({ GPU: '1', VCPU: '12' })
    expect(Number(needs.MEMORY) * 8).toBeLessThan(1152 * 1024)
    expect(proxyTask.ContainerProperties.Environment).toContainEqual({
      Name: 'TRELLIS_JOB',
      Value: 'proxy-task',
    })
  })

  it('gives each job the time and the cores of its definition', () => {
    for (const { JobDefinitionName, Timeout, ContainerProperties } of propertiesOf(
      'AWS::Batch::JobDefinition',
    )) {
      const [, { kind, hours, cores }] = allJobs.find(([name]) => JobDefinitionName.endsWith(`-${name}`))!
      expect(Timeout.AttemptDurationSeconds).toBe(hours * 3600)
      expect(ContainerProperties.Environment).toEqual(
        expect.arrayContaining([
          { Name: 'TRELLIS_JOB', Value: kind },
          { Name: 'TRELLIS_CORES', Value: cores },
        ]),
      )
    }
    const supernet = propertiesOf('AWS::Batch::JobDefinition').find(
      ({ JobDefinitionName }) => JobDefinitionName === 'nas-t4-densenas-supernet',
    )!
    expect(supernet.Timeout.AttemptDurationSeconds).toBe(144 * 3600)
  })

  it('tells a job which environment is spot, by the name that Batch calls it there', () => {
    const [spot] = Object.entries(template.findResources('AWS::Batch::ComputeEnvironment')).find(
      ([id, { Properties }]) => id.startsWith('Batcht4') && Properties.ComputeResources.Type === 'SPOT',
    )!
    const record = { prices: rentalPrices('t4') }
    const jobs = propertiesOf('AWS::Batch::JobDefinition').filter(({ JobDefinitionName }) =>
      JobDefinitionName.startsWith('nas-t4-'),
    )
    expect(jobs).toHaveLength(allJobs.length)
    for (const { ContainerProperties } of jobs) {
      const { Value } = ContainerProperties.Environment.find(
        ({ Name }: { Name: string }) => Name === 'TRELLIS_SPOT_ENVIRONMENT',
      )
      const environment = { TRELLIS_SPOT_ENVIRONMENT: onAws(Value) as string }
      const charged = (AWS_BATCH_CE_NAME: string) => priceHere(record, { ...environment, AWS_BATCH_CE_NAME })
      expect(charged(`${spot}-A1B2c3`)).toEqual(record.prices.spot)
      expect(charged('Batcht4EnvironmentsOnDemand-A1B2c3')).toEqual(record.prices.onDemand)
    }
    const onDemand = JSON.stringify(templateOf({ spot: false }).toJSON())
    expect(onDemand).not.toContain('TRELLIS_SPOT_ENVIRONMENT')
  })

  it('writes images to encrypted disks of more throughput than those have by default', () => {
    for (const { LaunchTemplateData } of propertiesOf('AWS::EC2::LaunchTemplate'))
      expect(LaunchTemplateData.BlockDeviceMappings).toMatchObject([
        { Ebs: { Encrypted: true, VolumeType: 'gp3', Throughput: 500 } },
      ])
  })

  it('lets no task start on an instance that is about to be reclaimed', () => {
    const templates = propertiesOf('AWS::EC2::LaunchTemplate')
    expect(templates).toHaveLength(1)
    for (const { LaunchTemplateData } of templates) {
      const text = LaunchTemplateData.UserData['Fn::Base64'] as string
      expect(text).toMatch(/^Content-Type: multipart\/mixed; boundary="[^"]+"\nMIME-Version: 1\.0\n/)
      expect(text).toContain(
        'Content-Type: text/x-shellscript; charset="us-ascii"\n\n#!/bin/bash\necho ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config\n',
      )
    }
  })

  it('has an init process in every container, so that SIGTERM always reaches the job', () => {
    for (const { ContainerProperties } of propertiesOf('AWS::Batch::JobDefinition'))
      expect(ContainerProperties.LinuxParameters).toMatchObject({ InitProcessEnabled: true })
  })

  it.each([
    ['RETRY', 'its host is reclaimed', { statusReason: 'Host EC2 (instance i-0123456789) terminated.' }],
    [
      'RETRY',
      'its image cannot be pulled',
      { reason: 'CannotPullContainerError: context deadline exceeded' },
    ],
    [
      'RETRY',
      'its container cannot be started',
      { reason: 'CannotStartContainerError: nvidia-container-cli' },
    ],
    ['RETRY', 'Docker times out', { reason: 'DockerTimeoutError: Could not transition to started' }],
    ['RETRY', 'it asks for that', { exitCode: 75 }],
    [
      'RETRY',
      'it is killed',
      { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ],
    ['EXIT', 'its input is bad', { exitCode: 2, reason: 'Essential container in task exited' }],
  ] as const)('has a job %s where %s', (action, _, attempt: AttemptEnd) => {
    for (const { RetryStrategy } of propertiesOf('AWS::Batch::JobDefinition')) {
      expect(RetryStrategy.Attempts).toBe(MAX_ATTEMPTS)
      expect(RetryStrategy.EvaluateOnExit.length).toBeLessThanOrEqual(5)
      const rule = (RetryStrategy.EvaluateOnExit as RetryRule[]).find((each) => isMatch(each, attempt))
      expect(rule?.Action).toBe(action)
    }
  })

  it('ends jobs that wait for what never comes, with the reason', () => {
    for (const { JobStateTimeLimitActions } of propertiesOf('AWS::Batch::JobQueue')) {
      expect(JobStateTimeLimitActions.map(({ Reason }: { Reason: string }) => Reason)).toEqual([
        'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
        'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
        'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
      ])
    }
  })
})

describe('machines', () => {
  it('are logged and traced, and every name in a definition is resolved', () => {
    const machines = propertiesOf('AWS::StepFunctions::StateMachine')
    const names = ['auto-fpn', 'dpc', 'dpc-rerank', 'dpc-revision', 'densenas', 'topformer']
    expect(machines.map(({ StateMachineName }) => StateMachineName).sort()).toEqual(
      ['t4', 'a100', 'cpu'].flatMap((card) => names.map((name) => `nas-${card}-${name}`)).sort(),
    )
    for (const { DefinitionSubstitutions, StateMachineName, ...machine } of machines) {
      expect(machine).toMatchObject({
        LoggingConfiguration: { Level: 'ALL' },
        TracingConfiguration: { Enabled: true },
      })
      const named = [...definitionOf(machine as never).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)
      expect(Object.keys(DefinitionSubstitutions).sort()).toEqual([...new Set(named)].sort())
      expect(DefinitionSubstitutions.MachineName).toBe(StateMachineName)
    }
  })
})

describe('policies', () => {
  it('give no action on every resource, except those for which AWS knows none', () => {
    const everywhere = statementsOf(template).filter(
      ([, { Effect, Resource }]) => Effect === 'Allow' && listOf(Resource).includes('*'),
    )
    expect(everywhere.length).toBeGreaterThan(0)
    const actions = everywhere.flatMap(([, { Action }]) => listOf(Action))
    expect(actions.filter((action) => !(action in WITHOUT_RESOURCE))).toEqual([])
  })

  it('give no action by a pattern', () => {
    const actions = statementsOf(template)
      .filter(([, { Effect }]) => Effect === 'Allow')
      .flatMap(([, { Action }]) => listOf(Action))
    expect(actions.filter((action) => action.includes('*'))).toEqual([])
  })

  it('let a function that only reads write nothing', () => {
    const readers = definitions.flatMap(({ name, functions }) =>
      Object.entries(functions)
        .filter(([, { writes }]) => writes.length === 0)
        .map(([each]) => `${name}${each}`),
    )
    for (const name of readers) {
      const own = statementsOf(template).filter(([id]) => id.startsWith(`Functions${name}Role`))
      expect(own.length).toBeGreaterThan(0)
      expect(JSON.stringify(own)).not.toContain('s3:PutObject')
    }
    expect(readers).toEqual(['dpcPrepare', 'dpcCheckDue'])
  })
})

describe('functions', () => {
  const lambdas = propertiesOf('AWS::Lambda::Function').filter(({ FunctionName }) => FunctionName)

  it('are one program, whose environment says which function of which pipeline it is', () => {
    const addresses = [
      ...Object.keys(sharedFunctions),
      ...definitions.flatMap(({ name, functions }) =>
        Object.keys(functions).map((each) => `${name}/${each}`),
      ),
    ]
    const asFunctions = lambdas.filter(({ Environment }) => Environment.Variables.TRELLIS_FUNCTION)
    expect(asFunctions.map(({ Environment }) => Environment.Variables.TRELLIS_FUNCTION).sort()).toEqual(
      addresses.sort(),
    )
    expect(new Set(asFunctions.map(({ Code }) => Code.S3Key)).size).toBe(1)
    expect(lambdas).toHaveLength(asFunctions.length + 2)
  })

  it('are named by their pipeline, but for those that all pipelines share', () => {
    const nameOf = (address: string) =>
      lambdas.find(({ Environment }) => Environment.Variables.TRELLIS_FUNCTION === address)!.FunctionName
    expect(nameOf('Finalize')).toBe('nas-finalize')
    expect(nameOf('dpc/PickTop')).toBe('nas-dpc-pick-top')
    expect(nameOf('densenas/Prepare')).toBe('nas-densenas-prepare')
  })
})

describe('what a deployment leaves when it is destroyed', () => {
  it('has no name that another deployment could need', () => {
    const { Resources } = template.toJSON() as {
      Resources: Record<
        string,
        { DeletionPolicy?: string; Properties?: Record<string, unknown>; Type: string }
      >
    }
    const left = Object.values(Resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
    expect(left.map(({ Type }) => Type)).toContain('AWS::S3::Bucket')
    for (const { Type, Properties = {} } of left) {
      const named = Object.keys(Properties).filter(
        (key) => key === 'Name' || key === `${Type.split('::')[2]}Name`,
      )
      expect(named, Type).toEqual([])
    }
  })
})

describe('schedules', () => {
  it('start the re-ranking of a run on its card', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(30 2 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      Target: Match.objectLike({ Input: '{"run":"street-1","concurrency":7}' }),
    })
    const [target] = propertiesOf('AWS::Scheduler::Schedule').filter(({ Target }) =>
      Target.Input?.includes?.('street-1'),
    )
    expect(JSON.stringify(target.Target.Arn)).toMatch(/Machinesa100dpcrevision/)
  })
})

describe('money', () => {
  it('is watched by a budget over all that carries the tag of the deployment', () => {
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: {
        BudgetLimit: { Amount: 900, Unit: 'USD' },
        CostFilters: { TagKeyValue: ['user:trellis:deployment$nas'] },
      },
    })
    template.hasResourceProperties('AWS::Batch::ComputeEnvironment', {
      Tags: { 'trellis:deployment': 'nas', 'trellis:card': 't4' },
    })
  })

  it('closes every queue once the budget is spent, where that is asked for', () => {
    const [close] = propertiesOf('AWS::Lambda::Function').filter(
      ({ FunctionName }) => FunctionName === 'nas-close-queues',
    )
    const queues = Object.keys(template.findResources('AWS::Batch::JobQueue'))
    const text = JSON.stringify(close!.Environment.Variables.TRELLIS_QUEUES)
    expect(queues.filter((queue) => !text.includes(`"${queue}"`))).toEqual([])
    const rights = statementsOf(template).filter(
      ([, { Action }]) => listOf(Action).join() === 'batch:UpdateJobQueue',
    )
    expect(rights.flatMap(([, { Resource }]) => listOf(Resource))).toHaveLength(queues.length)

    const [called] = propertiesOf('AWS::SNS::Subscription').filter(({ Protocol }) => Protocol === 'lambda')
    const spent = propertiesOf('AWS::Budgets::Budget')[0]!.NotificationsWithSubscribers.filter(
      ({ Subscribers }: { Subscribers: readonly { Address: unknown }[] }) =>
        JSON.stringify(Subscribers[0]!.Address) === JSON.stringify(called!.TopicArn),
    )
    expect(spent).toMatchObject([
      {
        Notification: { NotificationType: 'ACTUAL', ThresholdType: 'ABSOLUTE_VALUE', Threshold: 900 },
      },
    ])
    const publishers = propertiesOf('AWS::SNS::TopicPolicy').filter(
      ({ Topics }) => JSON.stringify(Topics) === JSON.stringify([called!.TopicArn]),
    )
    expect(JSON.stringify(publishers)).toContain('budgets.amazonaws.com')
  })
})

describe('alarms', () => {
  it('each go to a topic that lets CloudWatch publish, for this account alone', () => {
    const allowed = propertiesOf('AWS::SNS::TopicPolicy').flatMap(({ PolicyDocument, Topics }) =>
      (PolicyDocument.Statement as TopicStatement[])
        .filter(
          ({ Effect, Action, Principal, Condition }) =>
            Effect === 'Allow' &&
            Action === 'sns:Publish' &&
            listOf(Principal.Service ?? []).includes('cloudwatch.amazonaws.com') &&
            JSON.stringify(Condition) === '{"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}}',
        )
        .flatMap(() => Topics as unknown[]),
    )
    for (const { AlarmActions } of propertiesOf('AWS::CloudWatch::Alarm'))
      for (const action of AlarmActions) expect(allowed).toContainEqual(action)
  })

  it('come from Batch, too, where a job cannot start in any queue', () => {
    const queues = Object.keys(template.findResources('AWS::Batch::JobQueue'))
    const [rule] = propertiesOf('AWS::Events::Rule')
    const { source, 'detail-type': type, detail } = rule!.EventPattern
    expect({ source, type }).toEqual({ source: ['aws.batch'], type: ['Batch Job Queue Blocked'] })
    expect(JSON.stringify(detail.jobQueue)).toContain('OnDemandQueue')
    expect(detail.jobQueue).toHaveLength(queues.length)
    const publishers = propertiesOf('AWS::SNS::TopicPolicy').flatMap(({ PolicyDocument }) =>
      (PolicyDocument.Statement as TopicStatement[])
        .filter(({ Effect, Action }) => Effect === 'Allow' && Action === 'sns:Publish')
        .flatMap(({ Principal }) => listOf(Principal.Service ?? [])),
    )
    expect(publishers).toContain('events.amazonaws.com')
    const [alarm] = propertiesOf('AWS::CloudWatch::Alarm')
    expect(rule!.Targets).toEqual([expect.objectContaining({ Arn: alarm!.AlarmActions[0] })])
  })

  it('look at every queue, those of on-demand instances, too', () => {
    const waiting = propertiesOf('AWS::CloudWatch::Alarm').filter(({ AlarmName }) =>
      AlarmName.startsWith('nas-jobs-waiting'),
    )
    const counted = waiting.flatMap(({ Metrics }) =>
      (Metrics as { MetricStat?: { Metric: { Dimensions: { Name: string; Value: unknown }[] } } }[]).flatMap(
        ({ MetricStat }) => MetricStat?.Metric.Dimensions.filter(({ Name }) => Name === 'queue') ?? [],
      ),
    )
    const names = new Set(counted.map(({ Value }) => JSON.stringify(Value)))
    expect(names.size).toBe(Object.keys(template.findResources('AWS::Batch::JobQueue')).length)
    expect(names.size).toBe(6)
  })

  it('tell of instances that run for half an hour without a job in any queue of their card', () => {
    const [alarm] = propertiesOf('AWS::CloudWatch::Alarm').filter(
      ({ AlarmName }) => AlarmName === 'nas-machines-idle',
    )
    const metrics = alarm!.Metrics as {
      Expression?: string
      MetricStat?: {
        Period: number
        Metric: { MetricName: string; Dimensions: { Name: string; Value: unknown }[] }
      }
    }[]
    expect(metrics.find(({ Expression }) => Expression)!.Expression).toBe(
      'FILL(m0, 0) + FILL(m1, 0) + FILL(m2, 0)',
    )
    const stats = metrics.flatMap(({ MetricStat }) => MetricStat ?? [])
    expect(stats.map(({ Period }) => Period * alarm!.EvaluationPeriods)).toEqual([1800, 1800, 1800])
    expect(stats.map(({ Metric }) => Metric)).toEqual(
      ['t4', 'a100', 'cpu'].map((card) => ({
        Namespace: 'Trellis',
        MetricName: 'IdleInstances',
        Dimensions: [
          { Name: 'card', Value: card },
          { Name: 'service', Value: 'nas' },
        ],
      })),
    )
    // What counts them goes by tags, which Batch gives to the instances of an environment.
    for (const { ComputeResources } of propertiesOf('AWS::Batch::ComputeEnvironment'))
      expect(ComputeResources.Tags).toMatchObject({
        'trellis:deployment': 'nas',
        'trellis:card': expect.any(String),
      })
  })

  it('each lead to their section of the runbook', () => {
    const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8')
    const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    )
    const alarms = propertiesOf('AWS::CloudWatch::Alarm')
    const machines = definitions.flatMap((each) => Object.keys(each.machines)).length
    // Of the functions of each machine; of failing jobs; of idle machines; of three cards: jobs that wait, and failures, at most ten
    // metrics an alarm.
    expect(alarms).toHaveLength(machines + 2 + 3 * (1 + Math.ceil((2 * machines) / 10)))
    for (const { AlarmDescription, AlarmActions } of alarms) {
      expect(anchors).toContain(/docs\/runbook\.md#([\w-]+)/.exec(AlarmDescription)![1])
      expect(AlarmActions).toHaveLength(1)
    }
    expect(anchors).toContain('budget')
  })
})

describe('outputs', () => {
  it('are those that the command line reads', () => {
    const { Outputs } = template.toJSON() as { Outputs: Record<string, { Value: unknown }> }
    const texts = Object.fromEntries(
      Object.entries(Outputs).map(([key, { Value }]) => [key, typeof Value === 'string' ? Value : key]),
    )
    const { cards, SearchSize } = parseOutputs(texts)
    expect(Object.keys(cards)).toEqual(['cpu', 't4', 'a100'])
    expect(cards.t4).toHaveProperty('OnDemandQueue')
    expect(searchesOf(cards.t4!)).toEqual(
      definitions.map(({ name }) => ['T4', ...name.split('-'), 'Search'].map(capital).join('')),
    )
    expect(machinesOf(cards.t4!)).toHaveLength(
      definitions.flatMap((each) => Object.keys(each.machines)).length,
    )
    expect(SearchSize).toMatchObject({ trials: 4000, perRound: 64 })
  })
})
