import { expect, it } from 'vitest'
import { z } from 'zod'
import { ANSWER_BYTES } from '../../functions/answer.ts'
import { lambdaFunction } from '../../functions/lambda-function.ts'
import { memoryStore } from './memory-store.ts'

const answering = (length: number) =>
  lambdaFunction('Echo', z.object({}), async () => ({ key: 'é'.repeat(length) }))({ store: memoryStore() })(
    {},
  )

it('a function answers with no more bytes than the limits of Step Functions are proven for', async () => {
  const around = JSON.stringify({ key: '' }).length
  const longest = (ANSWER_BYTES - around) / 2
  await expect(answering(Math.floor(longest))).resolves.toHaveProperty('key')
  await expect(answering(Math.floor(longest) + 1)).rejects.toMatchObject({
    code: 'invalid-pipeline',
    message: expect.stringMatching(/answer of Echo .* of at most 8192/),
  })
})
