import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CloudFormationServiceException } from '@aws-sdk/client-cloudformation'
import { RepositoryNotFoundException } from '@aws-sdk/client-ecr'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { checkCheckout, checkDocker } from '../../../cli/aws/cdk.ts'
import { deployTo } from '../../../cli/aws/deploy.ts'
import { deployedFile, readDeployed } from '../../../cli/aws/deployed.ts'
import { destroyIn } from '../../../cli/aws/destroy.ts'
import type { Ec2 } from '../../../cli/aws/services/ec2.ts'
import type { Ecr } from '../../../cli/aws/services/ecr.ts'
import type { Services } from '../../../cli/aws/services/services.ts'
import { startExecution } from '../../../cli/aws/start-execution.ts'
import { parseDeployment } from '../../../infra/config.ts'
import { aRun } from '../../nas/pipelines/dpc/example.ts'
import { emptyFolder } from '../trellis.ts'
import { deployed, deployedText, fakeCloud, ofDpc } from './fake-cloud.ts'

const PLACE = { account: '123456789012', region: 'eu-west-1' }
const log = vi.spyOn(console, 'log').mockImplementation(() => {})

let asked: string[][]
const cdk = async (args: readonly string[]) => {
  asked.push([...args])
}
const registry = (bootstrapped: boolean): Ecr => ({
  async describeRepositories({ repositoryNames }) {
    expect(repositoryNames).toEqual(['cdk-hnb659fds-container-assets-123456789012-eu-west-1'])
    if (!bootstrapped) throw new RepositoryNotFoundException({ message: '', $metadata: {} })
    return {}
  },
  describeImages: async () => ({}),
})
/** An account in a region of three zones, with nothing deployed unless its stacks say so. */
const inAccount = (bootstrapped: boolean, cloud: Partial<Services> = {}) => ({
  ...fakeCloud({
    ecr: async () => registry(bootstrapped),
    ec2: async () => threeZones,
    ...account({}).services,
  }).services,
  ...cloud,
})
const threeZones: Ec2 = {
  describeSpotPriceHistory: async () => ({}),
  describeAvailabilityZones: async ({ Filters }) => {
    expect(Filters).toContainEqual({ Name: 'zone-type', Values: ['availability-zone'] })
    return { AvailabilityZones: ['a', 'b', 'c'].map((zone) => ({ ZoneName: `eu-west-1${zone}` })) }
  },
}

/** Has the stacks of these names, and counts how often it is asked. */
const account = (stacks: Readonly<Record<string, Readonly<Record<string, string>>>>) => {
  const describeStacks = vi.fn(async ({ StackName }: { StackName?: string }) => {
    const outputs = stacks[StackName!]
    if (outputs === undefined)
      throw new CloudFormationServiceException({
        name: 'ValidationError',
        message: `Stack with id ${StackName} does not exist`,
        $fault: 'client',
        $metadata: {},
      })
    const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }))
    return { Stacks: [{ StackName, CreationTime: undefined, StackStatus: undefined, Outputs }] }
  })
  const sts = (region: string) => async () => ({
    getCallerIdentity: async () => ({ Account: PLACE.account }),
    config: { region: async () => region },
  })
  const cloudFormation = async () => ({ describeStacks })
  return {
    describeStacks,
    services: { cloudFormation, sts: sts(PLACE.region) },
    elsewhere: { cloudFormation, sts: sts('eu-north-1') },
  }
}

function noteDeployment(): void {
  mkdirSync(dirname(deployedFile('trellis', PLACE)), { recursive: true })
  writeFileSync(deployedFile('trellis', PLACE), deployedText)
}

beforeEach(() => {
  asked = []
  vi.stubEnv('XDG_CONFIG_HOME', emptyFolder())
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
})

describe('deploy', () => {
  test('lets cdk deploy the configuration, and write where it is', async () => {
    await deployTo(PLACE, {
      services: inAccount(true),
      cdk,
      deployment: parseDeployment({}, 'test'),
      file: 'big.yaml',
    })
    expect(asked).toEqual([
      [
        'deploy',
        'trellis',
        '-c',
        expect.stringMatching(/^deployment=\/.*\/big\.yaml$/),
        '--outputs-file',
        deployedFile('trellis', PLACE),
      ],
    ])
  })

  test('bootstraps an account that never saw the CDK, once, and asks nothing with --yes', async () => {
    await deployTo(PLACE, {
      services: inAccount(false),
      cdk,
      deployment: parseDeployment({}, 'test'),
      file: undefined,
      yes: true,
    })
    expect(asked).toEqual([
      ['bootstrap', 'aws://123456789012/eu-west-1'],
      ['deploy', 'trellis', '--outputs-file', deployedFile('trellis', PLACE), '--require-approval', 'never'],
    ])
  })

  test('into more zones than the region has is refused before anything is made', async () => {
    const deployment = parseDeployment({ zones: 4 }, 'test')
    await expect(
      deployTo(PLACE, { services: inAccount(false), cdk, deployment, file: undefined }),
    ).rejects.toMatchObject({
      code: 'invalid-config',
      message: 'zones is 4, and eu-west-1 has 3 zones that this account can use',
      fix: 'set zones to 3 at most, or AWS_REGION to another region',
    })
    expect(asked).toEqual([])
  })

  test('over what runs says what becomes of its jobs', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {})
    noteDeployment()
    const { sfn } = fakeCloud()
    const services = inAccount(true, { sfn: async () => sfn })
    const update = () =>
      deployTo(PLACE, { services, cdk, deployment: parseDeployment({}, 'test'), file: undefined })
    await update()
    expect(told).not.toHaveBeenCalled()
    await startExecution(sfn, ofDpc.Search, aRun('street-1', 'compute.card=t4'), 1)
    await update()
    expect(told.mock.calls.join()).toMatch(/^trellis: warning: street-1 is running: .* 6 hours /)
    told.mockRestore()
  })

  test('from an installed package says first that it needs a checkout', () => {
    expect(() => checkCheckout(emptyFolder())).toThrow(
      expect.objectContaining({ code: 'unsupported', fix: expect.stringContaining('npm ci') }),
    )
    expect(() => checkCheckout()).not.toThrow()
  })

  test('without Docker says what is missing', () => {
    expect(() => checkDocker('/nowhere/docker')).toThrow(
      expect.objectContaining({ code: 'unsupported', fix: expect.stringContaining('CDK_DOCKER') }),
    )
  })
})

describe('a deployment is known', () => {
  const stacks = JSON.parse(deployedText)
  const trellis = { deployment: 'trellis' }

  test('by what cdk wrote, with its account and region', async () => {
    noteDeployment()
    const { services, describeStacks } = account({})
    expect(await readDeployed(trellis, services)).toEqual(deployed)
    expect(describeStacks).not.toHaveBeenCalled()
  })

  test('on another computer by what CloudFormation tells, which is asked once', async () => {
    const { services, describeStacks } = account(stacks)
    expect(await readDeployed(trellis, services)).toEqual(deployed)
    expect(await readDeployed(trellis, services)).toEqual(deployed)
    expect(describeStacks).toHaveBeenCalledOnce()
  })

  test('by its account and region: a note of one is none of another', async () => {
    noteDeployment()
    await expect(readDeployed(trellis, account({}).elsewhere)).rejects.toThrow(
      'there is no deployment trellis',
    )
    expect(await readDeployed(trellis, account(stacks).elsewhere)).toMatchObject({ region: 'eu-north-1' })
  })

  test.each(['{', '{}', '{"trellis": {"Bucket": "b"}}'])(
    'anew, where a note says too little: %s',
    async (text) => {
      noteDeployment()
      writeFileSync(deployedFile('trellis', PLACE), text)
      expect(await readDeployed(trellis, account(stacks).services)).toEqual(deployed)
    },
  )

  test('or an error says how to come by it', async () => {
    const { services } = account(stacks)
    await expect(readDeployed({ deployment: 'other' }, services)).rejects.toMatchObject({
      code: 'not-found',
      message: 'there is no deployment other in this account and region',
      fix: expect.stringContaining('AWS_REGION'),
    })
  })

  test('unless the stack of that name is another, of which no note is made', async () => {
    const { services } = account({ trellis: { Bucket: 'b' } })
    await expect(readDeployed(trellis, services)).rejects.toThrow('not of this version')
    expect(existsSync(deployedFile('trellis', PLACE))).toBe(false)
  })
})

describe('destroy', () => {
  test('leaves the bucket, says so, and forgets the deployment', async () => {
    noteDeployment()
    await destroyIn(fakeCloud(), { cdk, file: undefined, yes: true })
    expect(asked).toEqual([['destroy', 'trellis', '--force']])
    const said = log.mock.calls.at(-1)![0]
    expect(said).toContain('s3://trellis-store is left')
    // A bucket with versions is not empty once its objects are deleted.
    expect(said).not.toContain('aws s3 rb')
    expect(said).toContain('Empty')
    expect(existsSync(deployedFile('trellis', PLACE))).toBe(false)
  })

  test('does nothing while a run is at work', async () => {
    const cloud = fakeCloud()
    await startExecution(cloud.sfn, ofDpc.Search, aRun('street-1', 'compute.card=t4'), 1)
    await expect(destroyIn(cloud, { cdk, file: undefined })).rejects.toThrow('street-1 is running')
    expect(asked).toEqual([])
  })
})
