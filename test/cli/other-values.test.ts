import { expect, test } from 'vitest'
import { otherValues } from '../../cli/evaluate/other-values.ts'

test('masks that are coded otherwise than those of the run are warned of', () => {
  const known = { kind: 'folders', classes: 3, ignoreLabel: 255, zeroIsIgnored: false }
  expect(otherValues(known, known, 'o.yaml')).toEqual([])
  expect(otherValues({ ...known, ignoreLabel: 1, zeroIsIgnored: true }, known, 'o.yaml')).toEqual([
    'o.yaml has ignoreLabel: 1, and the run 255: the same mask value may be another class there.',
    'o.yaml has zeroIsIgnored: true, and the run false: the same mask value may be another class there.',
  ])
  expect(otherValues({ kind: 'voc' }, known, 'o.yaml')).toEqual([])
})
