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
  /** Tells that the budget of the month is spent, where queues are to be closed then. */
  readonly spent: Topic | undefined

  constructor(scope: Construct, id: string, { name, money }: Pick<Deployment, 'name' | 'money'>) {
    super(scope, id)
    Tags.of(Stack.of(this)).add(DEPLOYMENT_TAG, name)
    this.alarms = this.topic('Alarms', `${name}-alarms`, money.email)
    this.spent = money.closeQueues ? this.topic('Spent', `${name}-spent`, money.email) : undefined
    const tell = (
      notificationType: 'ACTUAL' | 'FORECASTED',
      thresholdType: 'PERCENTAGE' | 'ABSOLUTE_VALUE',
      threshold: number,
      { topicArn: address }: Topic,
    ) => ({
      notification: { notificationType, thresholdType, threshold, comparisonOperator: 'GREATER_THAN' },
      subscribers: [{ subscriptionType: 'SNS', address }],
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
      notificationsWithSubscribers: [
        tell('ACTUAL', 'PERCENTAGE', money.warnAt, this.alarms),
        tell('FORECASTED', 'PERCENTAGE', 100, this.alarms),
        // In dollars, as a budget has no two notifications at the same percentage, and warnAt may be 100.
        ...(this.spent ? [tell('ACTUAL', 'ABSOLUTE_VALUE', money.usdPerMonth, this.spent)] : []),
      ],
    })
  }

  private topic(id: string, topicName: string, email: string | undefined): Topic {
    const topic = new Topic(this, id, { topicName, enforceSSL: true })
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email))
    topic.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        principals: [BUDGETS, CLOUDWATCH].map((service) => new ServicePrincipal(service)),
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    return topic
  }
}
