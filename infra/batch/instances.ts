import { Validations } from 'aws-cdk-lib'
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  LaunchTemplate,
  MultipartBody,
  MultipartUserData,
  type UserData,
} from 'aws-cdk-lib/aws-ec2'
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'

/** Room for an image of CUDA and its layers, and for the work of one job a card. */
const DISK_GIB = 100

/** Gigabytes of image are written before a job begins. The baseline of gp3 is 125, and an instance is rented by the second. */
const MIB_PER_SECOND = 500

/** How instances start and what they may do, whatever card they have. */
export class Instances extends Construct {
  readonly launchTemplate: LaunchTemplate
  readonly role: Role

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.launchTemplate = new LaunchTemplate(this, 'Template', {
      // A job asks for its spot notice through one hop more than the instance itself.
      requireImdsv2: true,
      httpPutResponseHopLimit: 2,
      userData: agentSettings(),
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(DISK_GIB, {
            encrypted: true,
            volumeType: EbsDeviceVolumeType.GP3,
            throughput: MIB_PER_SECOND,
          }),
        },
      ],
    })
    this.role = new Role(this, 'Instance', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEC2ContainerServiceforEC2Role'),
      ],
    })
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role]',
      reason: 'what the agent of ECS may do; AWS keeps it in step with the agent',
    })
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
