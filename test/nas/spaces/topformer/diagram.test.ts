import { expect, test } from 'vitest'
import { topformerDiagram } from '../../../../nas/spaces/topformer/diagram.ts'
import { KNOWN_TOPFORMER } from '../../../../nas/spaces/topformer/known.ts'

test('a drawing has every block of a network, and says what each stage is', () => {
  const genotype = KNOWN_TOPFORMER['efficient-topformer-s']
  const picture = topformerDiagram(genotype)
  const blocks = [...genotype.convolutions, ...genotype.transformers].reduce(
    (sum, { depth }) => sum + depth,
    1,
  )
  expect(picture.match(/<rect /g)).toHaveLength(blocks)
  const stage = (name: string) => picture.split(`data-stage="${name}"`)[1]!.split('</g>')[0]!
  for (const text of ['136 channels', '5×5', 'expand 5', '1/32']) expect(stage('MBConv-5')).toContain(text)
  for (const text of ['10 heads', 'keys 18', 'values ×2.4', 'MLP ×2.2'])
    expect(stage('ViT-4')).toContain(text)
})
