import type { CfnResource } from 'aws-cdk-lib'
import { NagMessageLevel, NagPack } from 'cdk-nag'
import type { IConstruct } from 'constructs'
import { BATCH_RULES } from './batch-rules.ts'

/** The project's own rules for Batch, in the form that cdk-nag wants. */
export class BatchChecks extends NagPack {
  readonly name = 'TrellisBatch'

  constructor(scope?: IConstruct) {
    super(scope)
    this.packName = 'TrellisBatch'
  }

  protected checkResource(node: CfnResource): void {
    for (const { id, info, explanation, check } of BATCH_RULES) {
      this.applyRule({
        ruleSuffixOverride: id,
        info,
        explanation,
        level: NagMessageLevel.ERROR,
        node,
        rule: check,
      })
    }
  }
}
