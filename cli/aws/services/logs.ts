import type { GetLogEventsRequest, GetLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs'
import { settings } from './settings.ts'

/** CloudWatch Logs. */
export interface Logs {
  getLogEvents(request: GetLogEventsRequest): Promise<GetLogEventsResponse>
}

export async function openLogs(): Promise<Logs> {
  const { CloudWatchLogs } = await import('@aws-sdk/client-cloudwatch-logs')
  return new CloudWatchLogs(settings)
}
