import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

/** What an instance of Batch talks to, besides S3: the container agent, the registry, the logs. */
const SERVICES = {
  Ecs: InterfaceVpcEndpointAwsService.ECS,
  EcsAgent: InterfaceVpcEndpointAwsService.ECS_AGENT,
  EcsTelemetry: InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
  Ecr: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
} as const

/**
 * Where jobs run: subnets without a way to the internet, in either direction. Functions run outside: all they need is S3,
 * and in here each would need an endpoint of Lambda's own.
 */
export class Network extends Construct {
  readonly vpc: IVpc
  readonly jobs: SecurityGroup

  constructor(
    scope: Construct,
    id: string,
    { logs, zones }: { readonly logs: IBucket; readonly zones: number },
  ) {
    super(scope, id)
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/16'),
      maxAzs: zones,
      natGateways: 0,
      subnetConfiguration: [{ name: 'jobs', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      flowLogs: { All: { destination: FlowLogDestination.toS3(logs, 'flow/') } },
    }) as IVpc
    this.jobs = new SecurityGroup(this, 'Jobs', {
      vpc: this.vpc,
      description: 'Trellis jobs: out by TLS, nothing in',
      allowAllOutbound: false,
    })
    const endpoints = new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'AWS services as Trellis jobs reach them',
      allowAllOutbound: false,
    })
    this.jobs.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'S3 and the endpoints; nothing else has a route')
    endpoints.addIngressRule(this.jobs, Port.HTTPS, 'jobs')
    for (const [name, service] of Object.entries(SERVICES)) {
      this.vpc.addInterfaceEndpoint(name, {
        service,
        securityGroups: [endpoints],
        open: false,
        // An endpoint serves every zone, and each address costs $7.30 a month also while nothing runs.
        subnets: { subnets: this.vpc.isolatedSubnets.slice(0, 1) },
      })
    }
  }
}
