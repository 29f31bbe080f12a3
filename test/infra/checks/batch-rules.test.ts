import { App, type CfnResource, Stack } from 'aws-cdk-lib'
import { CfnComputeEnvironment, CfnJobDefinition } from 'aws-cdk-lib/aws-batch'
import { CfnLaunchTemplate, CfnSubnet } from 'aws-cdk-lib/aws-ec2'
import { describe, expect, it } from 'vitest'
import { BatchChecks } from '../../../infra/checks/batch-checks.ts'
import { BATCH_RULES } from '../../../infra/checks/batch-rules.ts'

type Break = (stack: Stack) => CfnResource

const job = (stack: Stack, properties: Partial<ConstructorParameters<typeof CfnJobDefinition>[2]>) =>
  new CfnJobDefinition(stack, 'Job', {
    type: 'container',
    timeout: { attemptDurationSeconds: 60 },
    retryStrategy: { attempts: 2, evaluateOnExit: [{ action: 'EXIT', onExitCode: '2' }] },
    ...properties,
  })
const template = (stack: Stack, launchTemplateData: object) =>
  new CfnLaunchTemplate(stack, 'Template', { launchTemplateData })
const encrypted = { blockDeviceMappings: [{ ebs: { encrypted: true } }] }
const environment = (stack: Stack, launchTemplate: object | undefined) =>
  new CfnComputeEnvironment(stack, 'Environment', {
    type: 'MANAGED',
    computeResources: {
      type: 'SPOT',
      maxvCpus: 4,
      subnets: ['s'],
      ...(launchTemplate && { launchTemplate }),
    },
  })

/** By rule, templates that break it. */
const BREAKS: Readonly<Record<string, readonly Break[]>> = {
  LaunchTemplate: [(stack) => environment(stack, undefined)],
  EncryptedDisk: [
    (stack) => template(stack, {}),
    (stack) => template(stack, { blockDeviceMappings: [{ ebs: { volumeSize: 9 } }] }),
    (stack) =>
      template(stack, { blockDeviceMappings: [{ ebs: { encrypted: true } }, { ebs: { encrypted: false } }] }),
  ],
  NoPublicAddress: [
    (stack) => new CfnSubnet(stack, 'Subnet', { vpcId: 'v', mapPublicIpOnLaunch: true }),
    (stack) => template(stack, { ...encrypted, networkInterfaces: [{ associatePublicIpAddress: true }] }),
  ],
  EndsPermanentFailures: [
    (stack) => job(stack, { retryStrategy: { attempts: 2 } }),
    (stack) => job(stack, { retryStrategy: { evaluateOnExit: [{ action: 'RETRY', onReason: '*' }] } }),
    (stack) =>
      job(stack, {
        retryStrategy: {
          evaluateOnExit: [
            { action: 'RETRY', onExitCode: '*' },
            { action: 'EXIT', onExitCode: '2' },
          ],
        },
      }),
  ],
  TimeOut: [
    (stack) =>
      new CfnJobDefinition(stack, 'Job', {
        type: 'container',
        retryStrategy: job(new Stack(), {}).retryStrategy!,
      }),
  ],
}

const violations = (build: Break) => {
  const app = new App()
  build(new Stack(app, 'Stack'))
  return new BatchChecks().validateScope(app).violations.map(({ ruleName }) => ruleName)
}

describe('the rules for Batch', () => {
  it.each(BATCH_RULES.map(({ id }) => id))('%s is broken by templates that break it alone', (id) => {
    expect(BREAKS[id]!.length).toBeGreaterThan(0)
    for (const build of BREAKS[id]!) expect(violations(build)).toEqual([`TrellisBatch-${id}`])
  })

  it('let pass what keeps them', () => {
    expect(violations((stack) => job(stack, {}))).toEqual([])
    expect(violations((stack) => template(stack, encrypted))).toEqual([])
    expect(violations((stack) => environment(stack, { launchTemplateId: 'lt' }))).toEqual([])
    expect(violations((stack) => new CfnSubnet(stack, 'Subnet', { vpcId: 'v' }))).toEqual([])
  })
})
