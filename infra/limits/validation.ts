import type { IPolicyValidationPlugin } from 'aws-cdk-lib'
import type { SearchSize } from './size.ts'
export class LimitsProof implements IPolicyValidationPlugin {
  readonly name = 'TrellisLimits'
  private readonly size: SearchSize
  constructor(size: SearchSize) { this.size=size }
  validate() { return { success: true, violations: [] } }
}
