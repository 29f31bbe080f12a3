import { expect, test } from 'vitest'
import type { EmittedNode } from '../../../../nas/graph/onnx/emitter.ts'
import { simplified } from '../../../../nas/graph/onnx/simplify.ts'

const node = (opType: string, input: readonly string[], ...output: readonly string[]): EmittedNode => ({
  ...{ input, output, opType, name: output[0]!, attribute: [], domain: '' },
})
const shown = (nodes: readonly EmittedNode[]) =>
  nodes.map(({ opType, input, output }) => `${output} = ${opType}(${input})`)

test('equal work is done once, also where it reads equal work', () => {
  const nodes = [
    node('Sqrt', ['x'], 'a'),
    node('Sqrt', ['x'], 'b'),
    node('Neg', ['a'], 'c'),
    node('Neg', ['b'], 'd'),
    node('Add', ['c', 'd'], 'y'),
  ]
  expect(shown(simplified(nodes, new Set(['y'])))).toEqual(['a = Sqrt(x)', 'c = Neg(a)', 'y = Add(c,c)'])
})

test('an output of the graph stays under its name', () => {
  const nodes = [node('Sqrt', ['x'], 'y'), node('Sqrt', ['x'], 'z')]
  expect(shown(simplified(nodes, new Set(['y', 'z'])))).toEqual(['y = Sqrt(x)', 'z = Sqrt(x)'])
})

test('work with an output more is other work', () => {
  const nodes = [
    node('MaxPool', ['x'], 'a'),
    node('MaxPool', ['x'], 'b', 'indices'),
    node('Add', ['a', 'b'], 'y'),
  ]
  expect(simplified([...nodes, node('Cast', ['indices'], 'z')], new Set(['y', 'z']))).toHaveLength(4)
})

test('a reshape reads what was reshaped before, and what is read by nothing is left out', () => {
  const nodes = [
    node('Reshape', ['x', 'flat'], 'a'),
    node('Reshape', ['a', 'wide'], 'b'),
    node('Reshape', ['b', 'tall'], 'c'),
    node('Neg', ['c'], 'y'),
  ]
  expect(shown(simplified(nodes, new Set(['y'])))).toEqual(['c = Reshape(x,tall)', 'y = Neg(c)'])
})
