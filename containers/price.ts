import { HERE, type Price } from '../nas/runs/prices.ts'
import type { RunRecord } from '../nas/runs/record.ts'

/**
 * What an hour of this machine costs. A queue falls back from spot instances to on-demand ones, so on AWS only an attempt
 * itself can tell what it got: Batch names the compute environment, and the job definition which one is spot.
 */
export function priceHere(
  { prices }: Pick<RunRecord, 'prices'>,
  environment: NodeJS.ProcessEnv = process.env,
): Price {
  if (prices === undefined) return HERE
  const { AWS_BATCH_CE_NAME: here, TRELLIS_SPOT_ENVIRONMENT: spotEnvironment } = environment
  return here !== undefined && here === spotEnvironment ? prices.spot : prices.onDemand
}
