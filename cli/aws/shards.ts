import type { MapRunItemCounts, MapRunListItem } from '@aws-sdk/client-sfn'
import { paged } from '../../nas/paged.ts'
import { counted } from '../../report/format.ts'
import type { Sfn } from './services/sfn.ts'

/** The shards of a round, or of a re-ranking: how many are where. */
export interface Shards {
  readonly total: number
  readonly done: number
  readonly running: number
  readonly waiting: number
  /** Whose job has failed for good, or was stopped with one that has. */
  readonly failed: number
}

/** Those that an execution is at; undefined between rounds. */
export async function shardsOf(sfn: Sfn, executionArn: string): Promise<Shards | undefined> {
  const mapRun = await openMapRun(sfn, executionArn)
  if (mapRun === undefined) return undefined
  const { itemCounts } = await sfn.describeMapRun({ mapRunArn: mapRun.mapRunArn })
  return countsOf(itemCounts!)
}

async function openMapRun(sfn: Sfn, executionArn: string): Promise<MapRunListItem | undefined> {
  const mapRuns = paged('map runs', async (nextToken) => {
    const page = await sfn.listMapRuns({ executionArn, nextToken, maxResults: 1000 })
    return { items: page.mapRuns, next: page.nextToken }
  })
  for await (const mapRun of mapRuns) if (mapRun.stopDate === undefined) return mapRun
  return undefined
}

const countsOf = (counts: MapRunItemCounts): Shards => ({
  total: counts.total!,
  done: counts.succeeded!,
  running: counts.running!,
  waiting: counts.pending!,
  failed: counts.failed! + counts.timedOut! + counts.aborted!,
})

/** '16 shards: 9 done, 5 running, 2 waiting'. */
export const shardsInWords = ({ total, ...parts }: Shards): string =>
  `${counted(total, 'shard')}: ${Object.entries(parts)
    .filter(([name, n]) => n > 0 || name === 'done')
    .map(([name, n]) => `${n} ${name}`)
    .join(', ')}`
