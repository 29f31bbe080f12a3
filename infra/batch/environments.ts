import { type CfnResource, Duration, Tags, Validations } from 'aws-cdk-lib'
import {
  AllocationStrategy,
  EcsMachineImageType,
  ManagedEc2EcsComputeEnvironment,
} from 'aws-cdk-lib/aws-batch'
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  InstanceType,
  LaunchTemplate,
  MultipartBody,
  MultipartUserData,
  type UserData,
} from 'aws-cdk-lib/aws-ec2'
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import type { Card, Offer } from '../../nas/runs/prices.ts'
import { type Limits, machinesAtMost } from '../machines-at-most.ts'
import type { Network } from '../network.ts'

export interface EnvironmentsProps extends Limits {
  readonly card: Card
  readonly offer: Offer
  readonly network: Network
}

/** Room for an image of CUDA and its layers, and for the work of one job a card. */
const DISK_GIB = 100

/** How long jobs may go on before an update replaces their instances: the most that Batch allows. They go on from checkpoints. */
const GRACE = Duration.hours(6)

/** Instances with one kind of card, from none up to a maximum. */
export class Environments extends Construct {
  readonly spot: ManagedEc2EcsComputeEnvironment | undefined
  readonly onDemand: ManagedEc2EcsComputeEnvironment | undefined

  constructor(scope: Construct, id: string, props: EnvironmentsProps) {
    super(scope, id)
    const { card, offer, network } = props
    const launchTemplate = new LaunchTemplate(this, 'Template', {
      // A job asks for its spot notice through one hop more than the instance itself.
      requireImdsv2: true,
      httpPutResponseHopLimit: 2,
      userData: agentSettings(),
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(DISK_GIB, { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 }),
        },
      ],
    })
    const instanceRole = new Role(this, 'Instance', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEC2ContainerServiceforEC2Role'),
      ],
    })
    Validations.of(instanceRole).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role]',
      reason: 'what the agent of ECS may do; AWS keeps it in step with the agent',
    })
    const environment = (name: string, spot: boolean, machines: number) => {
      if (machines === 0) return undefined
      const made = new ManagedEc2EcsComputeEnvironment(this, name, {
        vpc: network.vpc,
        vpcSubnets: { subnets: network.vpc.isolatedSubnets },
        securityGroups: [network.jobs],
        launchTemplate,
        instanceRole,
        spot,
        allocationStrategy: spot
          ? AllocationStrategy.SPOT_PRICE_CAPACITY_OPTIMIZED
          : AllocationStrategy.BEST_FIT_PROGRESSIVE,
        // One type and not its family: of a family, Batch picks by dollars a core, which buys cores that no job uses.
        instanceTypes: [new InstanceType(offer.instance)],
        useOptimalInstanceClasses: false,
        images: [{ imageType: imageOf(card) }],
        minvCpus: 0,
        maxvCpus: machines * offer.vcpus,
        updateToLatestImageVersion: true,
        updateTimeout: GRACE,
      })
      // By default, Batch takes the version that was the first.
      const resource = made.node.defaultChild as CfnResource
      resource.addPropertyOverride(
        'ComputeResources.LaunchTemplate.Version',
        launchTemplate.latestVersionNumber,
      )
      Tags.of(made).add('trellis:card', card)
      return made
    }
    const most = machinesAtMost(props, offer)
    this.spot = environment('Spot', true, most.spot)
    this.onDemand = environment('OnDemand', false, most.onDemand)
  }
}

/**
 * Settings of the ECS agent, in MIME parts: Batch adds one of its own. An instance that has its notice takes no more tasks;
 * else the retry of a job that left in time may start on the very instance that is about to go.
 */
function agentSettings(): UserData {
  const parts = new MultipartUserData()
  parts.addPart(
    MultipartBody.fromRawBody({
      contentType: 'text/x-shellscript; charset="us-ascii"',
      body: '#!/bin/bash\necho ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config',
    }),
  )
  return parts
}

const imageOf = (card: Card) =>
  card === 'cpu' ? EcsMachineImageType.ECS_AL2023 : EcsMachineImageType.ECS_AL2023_NVIDIA
