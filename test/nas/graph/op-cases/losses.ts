import { softmaxCrossEntropy } from '../../../../nas/graph/ops/softmax-cross-entropy.ts'
import { int32, type Tensor } from '../../../../nas/tensor.ts'
import { fine, normal, type OpCase, on } from './op-case.ts'

const crossEntropy = (
  title: string,
  logits: number[],
  labels: Tensor,
  ignoreLabel: number,
  options: { readonly labelSmoothing?: number; readonly classBalance?: number } = {},
): OpCase =>
  on(
    `softmax-cross-entropy: ${title}`,
    { logits: normal('logits', ...logits), labels },
    fine,
    (graph, logits, labels) => [softmaxCrossEntropy(graph, logits!, labels!, { ignoreLabel, ...options })],
    ['logits'],
  )

const labels = int32([2, 2, 3], [0, 3, 255, 1, 2, 255, 4, 4, 0, 255, 1, 3])

export const lossCases: readonly OpCase[] = [
  crossEntropy('pixels', [2, 5, 2, 3], labels, 255),
  crossEntropy('rows', [4, 3], int32([4], [0, 2, 1, 1]), -1),
  crossEntropy('an ignored label below all classes', [4, 3], int32([4], [0, -1, 1, -1]), -1),
  crossEntropy('an ignored label that is a class', [4, 3], int32([4], [0, 2, 1, 2]), 2),
  crossEntropy('smoothed labels', [4, 3], int32([4], [0, 2, -1, 2]), -1, {
    labelSmoothing: 0.1,
  }),
  crossEntropy('balanced classes', [2, 5, 2, 3], labels, 255, { classBalance: 0.5 }),
  crossEntropy('wholly balanced classes, one of them ignored', [4, 3], int32([4], [0, 2, 1, 2]), 1, {
    classBalance: 1,
    labelSmoothing: 0.1,
  }),
]
