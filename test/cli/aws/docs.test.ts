import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { addAwsCommands } from '../../../cli/aws/commands.ts'
import { deploymentDocs } from '../../../scripts/config-docs.ts'

const read = (file: string) => readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8')

test('docs/deployment.md describes the configuration of a deployment as it is', () => {
  expect(read('deployment.md')).toBe(deploymentDocs())
})

describe('docs/aws.md', () => {
  const program = new Command()
  addAwsCommands(program)
  test.each(program.commands.map((command) => command.name()))('tells what %s is for', (name) => {
    expect(read('aws.md')).toMatch(new RegExp(`\`${name}[ \`]|trellis ${name}\\b`))
  })
})
