import type { JobDetail, JobStatus } from '@aws-sdk/client-batch'
import { paged } from '../../nas/paged.ts'
import type { Batch } from './services/batch.ts'

/** The most that DescribeJobs answers for at once, and the size of a page. */
const PAGE = 100

/** The jobs of a queue in one state. */
export async function* jobsIn(
  batch: Batch,
  jobQueue: string,
  jobStatus: JobStatus,
): AsyncGenerator<JobDetail> {
  const pages = paged('jobs', async (nextToken) => {
    const page = await batch.listJobs({ jobQueue, jobStatus, maxResults: PAGE, nextToken })
    return { items: [page.jobSummaryList ?? []], next: page.nextToken }
  })
  for await (const page of pages) {
    if (page.length === 0) continue
    const { jobs = [] } = await batch.describeJobs({ jobs: page.map(({ jobId }) => jobId!) })
    yield* jobs
  }
}

/** The run that a job works for. */
export const runOf = ({ container }: JobDetail): string | undefined =>
  container?.environment?.find(({ name }) => name === 'TRELLIS_RUN')?.value
