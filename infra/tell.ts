import { CfnOutput } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Card } from '../nas/runs/prices.ts'
import { type CardOutputs, type Outputs, outputKey } from './outputs.ts'

/** Writes the outputs of a stack, each under its own key. */
export function tell(stack: Construct, { cards, ...shared }: Outputs): void {
  const scope = new Construct(stack, 'Outputs')
  const write = (key: string, value: string) => new CfnOutput(scope, key, { value }).overrideLogicalId(key)
  for (const [key, value] of Object.entries(shared)) write(key, value)
  for (const [card, outputs] of Object.entries(cards)) {
    for (const [key, value] of Object.entries(outputs))
      if (value !== undefined) write(outputKey(card as Card, key as keyof CardOutputs), value)
  }
}
