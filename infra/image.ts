import { fileURLToPath } from 'node:url'
import { IgnoreMode } from 'aws-cdk-lib'
import { Platform } from 'aws-cdk-lib/aws-ecr-assets'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import type { Card } from '../nas/runs/prices.ts'

/** The folder of containers/ whose Dockerfile serves a card: CUDA 11 for the cards that its successors leave behind. */
export function imageFolder(card: Card): 'cpu' | 'gpu-onnx' | 'gpu-tensorflow' {
  if (card === 'cpu') return 'cpu'
  return card === 'v100' || card === 'p100' ? 'gpu-tensorflow' : 'gpu-onnx'
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** Built and pushed when the stack is deployed; synthesis only hashes what .dockerignore lets into it. */
export const jobImage = (card: Card): ContainerImage =>
  ContainerImage.fromAsset(root, {
    file: `containers/${imageFolder(card)}/Dockerfile`,
    platform: Platform.LINUX_AMD64,
    ignoreMode: IgnoreMode.DOCKER,
  })
