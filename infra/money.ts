import { Stack, Tags } from 'aws-cdk-lib'
import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import type { Deployment } from './config.ts'

/** What publishes alarms. */
const BUDGETS = 'budgets.amazonaws.com'
const CLOUDWATCH = 'cloudwatch.amazonaws.com'

/** By which the bill tells deployments apart; runs have the tag RUN_TAG, kinds of cards `trellis:card`. */
const DEPLOYMENT_TAG = 'trellis:deployment'

/** The tags by which costs are told apart, a budget for the whole deployment, and where alarms go. */
export class Money extends Construct {
  /** Its subscribers get every alarm. */
  readonly alarms: Topic

  constructor(scope: Construct, id: string, { name, money }: Pick<Deployment, 'name' | 'money'>) {
    super(scope, id)
    Tags.of(Stack.of(this)).add(DEPLOYMENT_TAG, name)
    this.alarms = new Topic(this, 'Alarms', { topicName: `${name}-alarms`, enforceSSL: true })
    if (money.email !== undefined) this.alarms.addSubscription(new EmailSubscription(money.email))
    this.alarms.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        principals: [BUDGETS, CLOUDWATCH].map((service) => new ServicePrincipal(service)),
        resources: [this.alarms.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    const tell = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        threshold,
        comparisonOperator: 'GREATER_THAN',
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'SNS', address: this.alarms.topicArn }],
    })
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: name,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: money.usdPerMonth, unit: 'USD' },
        // As AWS writes a tag of one's own: user:key$value.
        costFilters: { TagKeyValue: [`user:${DEPLOYMENT_TAG}$${name}`] },
      },
      notificationsWithSubscribers: [tell('ACTUAL', money.warnAt), tell('FORECASTED', 100)],
    })
  }
}
