import { isNamed } from '../errors.ts'
import type { Batch } from '../services/batch.ts'
import type { Ecr } from '../services/ecr.ts'
import type { Finding } from './finding.ts'

const IMAGE = /^\d+\.dkr\.ecr\.[^/]+\/(?<repositoryName>[^:@]+):(?<imageTag>.+)$/

/** Whether the image of every job definition of the deployment is in the registry. */
export async function checkImages(
  batch: Batch,
  ecr: Ecr,
  definitions: readonly string[],
): Promise<readonly Finding[]> {
  const images = new Set<string>()
  for (const jobDefinitionName of definitions) {
    const { jobDefinitions = [] } = await batch.describeJobDefinitions({
      jobDefinitionName,
      status: 'ACTIVE',
    })
    const latest = jobDefinitions.toSorted((a, b) => b.revision! - a.revision!)[0]
    const image = latest?.containerProperties?.image
    if (image !== undefined) images.add(image)
  }
  return Promise.all([...images].map((image) => checkImage(ecr, image)))
}

async function checkImage(ecr: Ecr, image: string): Promise<Finding> {
  const { repositoryName, imageTag } = IMAGE.exec(image)?.groups ?? {}
  const missing = {
    what: `image ${image} is not in the registry`,
    fix: 'trellis deploy builds and pushes it',
  }
  if (repositoryName === undefined || imageTag === undefined) return missing
  try {
    await ecr.describeImages({ repositoryName, imageIds: [{ imageTag }] })
    return { what: `image ${repositoryName}:${imageTag.slice(0, 12)} is in the registry` }
  } catch (error) {
    if (isNamed(error, 'ImageNotFoundException', 'RepositoryNotFoundException')) return missing
    throw error
  }
}
