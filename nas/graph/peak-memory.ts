import { sizeOf } from '../tensor.ts'
import type { Graph } from './graph.ts'

/** Of a number, float32 or int32. */
const BYTES = 4

/**
 * Bytes of the values that exist at once while a graph runs node by node, at most: its inputs, parameters and outputs all the time, any
 * other value from the node that makes it to the last that reads it. What an engine needs beside that (packed weights, scratch memory) is
 * not in it, nor what it saves by fusing nodes.
 */
export function peakMemory({ inputs, parameters, constants, nodes, outputs, updates }: Graph): number {
  const bytes = (of: { readonly type: { readonly shape: readonly number[] } }) =>
    BYTES * sizeOf(of.type.shape)
  const kept = [...inputs.values(), ...[...parameters.values(), ...constants].map(({ value }) => value)]
  let now = kept.reduce((sum, value) => sum + bytes(value), 0)
  const lastUse = new Map<number, number>()
  nodes.forEach((node, i) => {
    for (const { id } of node.inputs) lastUse.set(id, i)
  })
  for (const { id } of [...kept, ...outputs.values(), ...updates.values()]) lastUse.set(id, nodes.length)
  let most = now
  nodes.forEach((node, i) => {
    for (const value of node.outputs) now += bytes(value)
    most = Math.max(most, now)
    const read = new Map([...node.inputs, ...node.outputs].map((value) => [value.id, value]))
    for (const [id, value] of read) if ((lastUse.get(id) ?? i) === i) now -= bytes(value)
  })
  return most
}
