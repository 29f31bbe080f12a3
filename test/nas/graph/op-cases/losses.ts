import { binaryCrossEntropy } from '../../../../nas/graph/ops/binary-cross-entropy.ts'
import { smoothL1 } from '../../../../nas/graph/ops/smooth-l1.ts'
import { softCrossEntropy } from '../../../../nas/graph/ops/soft-cross-entropy.ts'
import { softmax } from '../../../../nas/graph/ops/softmax.ts'
import { softmaxCrossEntropy } from '../../../../nas/graph/ops/softmax-cross-entropy.ts'
import { float32, int32, type Tensor } from '../../../../nas/tensor.ts'
import { apart, fine, integers, normal, type OpCase, on, positive } from './op-case.ts'

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
  ...[
    [2, 5, 2, 3],
    [4, 3],
  ].map((shape) =>
    on(
      `soft-cross-entropy: [${shape}]`,
      { logits: normal('logits', ...shape), teacher: normal('teacher', ...shape) },
      fine,
      (graph, logits, teacher) => [softCrossEntropy(graph, logits!, softmax(graph, teacher!, 1))],
      ['logits'],
    ),
  ),
  ...[0.5, 1].map((beta) =>
    on(
      `smooth-l1: beta ${beta}`,
      {
        x: apart('x', 4, 10),
        target: float32([4, 10], Array<number>(40).fill(1)),
        weight: positive('w', 4, 10),
      },
      fine,
      (graph, x, target, weight) => [smoothL1(graph, x!, target!, weight!, { beta })],
      ['x'],
    ),
  ),
  on(
    'binary-cross-entropy',
    {
      x: normal('x', 4, 6),
      target: float32([4, 6], Float32Array.from(integers('target', 2, 4, 6).data)),
      weight: positive('w', 4, 6),
    },
    fine,
    (graph, x, target, weight) => [binaryCrossEntropy(graph, x!, target!, weight!)],
    ['x'],
  ),
]
