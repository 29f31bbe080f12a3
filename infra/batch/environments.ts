import { type CfnResource, Duration, Tags } from 'aws-cdk-lib'
import {
  AllocationStrategy,
  EcsMachineImageType,
  ManagedEc2EcsComputeEnvironment,
} from 'aws-cdk-lib/aws-batch'
import { InstanceType } from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import type { Card, Offer } from '../../nas/runs/prices.ts'
import { type Limits, machinesAtMost } from '../machines-at-most.ts'
import type { Network } from '../network.ts'
import type { Instances } from './instances.ts'

export interface EnvironmentsProps extends Limits {
  readonly card: Card
  readonly offer: Offer
  readonly network: Network
  readonly instances: Instances
}

/** How long jobs may go on before an update replaces their instances: the most that Batch allows. They go on from checkpoints. */
const GRACE = Duration.hours(6)

/** Instances with one kind of card, from none up to a maximum. */
export class Environments extends Construct {
  readonly spot: ManagedEc2EcsComputeEnvironment | undefined
  readonly onDemand: ManagedEc2EcsComputeEnvironment | undefined

  constructor(scope: Construct, id: string, props: EnvironmentsProps) {
    super(scope, id)
    const { card, offer, network, instances } = props
    const { launchTemplate, role: instanceRole } = instances
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

const imageOf = (card: Card) =>
  card === 'cpu' ? EcsMachineImageType.ECS_AL2023 : EcsMachineImageType.ECS_AL2023_NVIDIA
