import { CfnOutput } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { type Outputs, writeOutputs } from './outputs.ts'

/** Writes the outputs of a stack, each under its own key. */
export function tell(stack: Construct, outputs: Outputs): void {
  const scope = new Construct(stack, 'Outputs')
  for (const [key, value] of Object.entries(writeOutputs(outputs)))
    new CfnOutput(scope, key, { value }).overrideLogicalId(key)
}
