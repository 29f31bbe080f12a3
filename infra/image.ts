import { fileURLToPath } from 'node:url'
import { IgnoreMode } from 'aws-cdk-lib'
import { Platform } from 'aws-cdk-lib/aws-ecr-assets'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import type { Card } from '../nas/runs/prices.ts'

/** The target of containers/Dockerfile for a card; CUDA 12 does not support the oldest ones. */
function targetFor(card: Card): 'cpu' | 'gpu-onnx' | 'gpu-tensorflow' {
  if (card === 'cpu') return 'cpu'
  return card === 'v100' || card === 'p100' ? 'gpu-tensorflow' : 'gpu-onnx'
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** Built and pushed when the stack is deployed; synthesis hashes the files that .dockerignore lets into the build. */
export const jobImage = (card: Card): ContainerImage =>
  ContainerImage.fromAsset(root, {
    file: 'containers/Dockerfile',
    target: targetFor(card),
    platform: Platform.LINUX_AMD64,
    ignoreMode: IgnoreMode.DOCKER,
  })
