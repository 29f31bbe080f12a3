/** Instance metadata, as every EC2 instance and every container on it finds it. */
const METADATA = 'http://169.254.169.254'

/** As often as AWS advises; a notice comes two minutes ahead. */
const POLL_MS = 5000

const ANSWER_MS = 1000

/**
 * Calls back when EC2 is about to take this spot instance away. ECS sends SIGTERM only when the instance goes down, which
 * leaves 30 seconds; the notice leaves two minutes. Asks nothing anywhere but in a job on AWS Batch.
 */
export function onSpotNotice(callback: () => void, environment: NodeJS.ProcessEnv = process.env): void {
  if (environment.AWS_BATCH_JQ_NAME === undefined) return
  const metadata = metadataOf(environment)
  const poll = async () => {
    if (!(await isNoticeGiven(metadata))) return
    clearInterval(timer)
    callback()
  }
  const timer = setInterval(poll, POLL_MS).unref()
  poll()
}

/** Metadata that does not answer says nothing: the job goes on, and SIGTERM remains. */
async function isNoticeGiven(metadata: string): Promise<boolean> {
  try {
    return (await askMetadata('spot/instance-action', metadata)).ok
  } catch {
    return false
  }
}

/** What the metadata of this instance answer. @throws where they do not */
export async function askMetadata(path: string, metadata = metadataOf()): Promise<Response> {
  const ask = (path: string, options: RequestInit) =>
    fetch(new URL(path, metadata), { ...options, signal: AbortSignal.timeout(ANSWER_MS) })
  const token = await ask('/latest/api/token', {
    method: 'PUT',
    headers: { 'X-aws-ec2-metadata-token-ttl-seconds': '60' },
  })
  return ask(`/latest/meta-data/${path}`, { headers: { 'X-aws-ec2-metadata-token': await token.text() } })
}

const metadataOf = (environment: NodeJS.ProcessEnv = process.env): string =>
  environment.AWS_EC2_METADATA_SERVICE_ENDPOINT ?? METADATA
