import type {
  DescribeImagesRequest,
  DescribeImagesResponse,
  DescribeRepositoriesRequest,
  DescribeRepositoriesResponse,
} from '@aws-sdk/client-ecr'
import { settings } from './settings.ts'

/** The registry of images. */
export interface Ecr {
  describeRepositories(request: DescribeRepositoriesRequest): Promise<DescribeRepositoriesResponse>
  describeImages(request: DescribeImagesRequest): Promise<DescribeImagesResponse>
}

export async function openEcr(): Promise<Ecr> {
  const { ECR } = await import('@aws-sdk/client-ecr')
  return new ECR(settings)
}
