import type { EmittedNode } from './emitter.ts'

/**
 * The same nodes without those that compute what an earlier one computes, reshapes of what is only reshaped, and those that nothing
 * reads. None of them may be random.
 *
 * ONNX Runtime does so, too, among all its rewrites, which take it seconds for a training step of thousands of nodes.
 * @param outputs names of the graph's outputs
 */
export function simplified(
  nodes: readonly EmittedNode[],
  outputs: ReadonlySet<string>,
): readonly EmittedNode[] {
  const known = new Map<string, readonly string[]>()
  /** Values by their later equals. */
  const equal = new Map<string, string>()
  /** What was reshaped, by what came of it. */
  const reshaped = new Map<string, string>()
  const kept: EmittedNode[] = []
  for (const node of nodes) {
    const input = node.input.map((value) => equal.get(value) ?? value)
    const { opType, output } = node
    if (opType === 'Reshape') {
      input[0] = reshaped.get(input[0]!) ?? input[0]!
      reshaped.set(output[0]!, input[0])
    }
    const key = JSON.stringify([node.domain, opType, input, node.attribute, output.length])
    const earlier = known.get(key)
    if (earlier === undefined || output.some((value) => outputs.has(value))) {
      known.set(key, earlier ?? output)
      kept.push({ ...node, input })
    } else for (const [i, value] of output.entries()) equal.set(value, earlier[i]!)
  }
  return thoseRead(kept, outputs)
}

function thoseRead(nodes: readonly EmittedNode[], outputs: ReadonlySet<string>): readonly EmittedNode[] {
  const read = new Set(outputs)
  const isRead = ({ input, output }: EmittedNode) => {
    if (!output.some((value) => read.has(value))) return false
    for (const value of input) read.add(value)
    return true
  }
  return nodes.toReversed().filter(isRead).toReversed()
}
