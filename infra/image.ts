import { fileURLToPath } from 'node:url'
import { IgnoreMode } from 'aws-cdk-lib'
import { Platform } from 'aws-cdk-lib/aws-ecr-assets'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import { imageOf } from '../nas/runs/images.ts'
import type { Card } from '../nas/runs/prices.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Built and pushed when the stack is deployed; synthesis hashes the files that .dockerignore lets into the build. */
export const jobImage = (card: Card): ContainerImage =>
  ContainerImage.fromAsset(root, {
    file: 'containers/Dockerfile',
    target: imageOf(card),
    platform: Platform.LINUX_AMD64,
    ignoreMode: IgnoreMode.DOCKER,
  })
